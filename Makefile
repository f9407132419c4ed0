SHELL := bash

.PHONY: help serve dev dist dist-sql wasm-tools wasm-tools-sql wasm-core wasm-engine cli cli-page wheel release release-program release-sums release-check reproducible site test test-quick test-long test-repeat test-spark test-notebook test-wheel test-s3 fuzz mutants bench gallery clean

help:
	@echo "make serve   build the page and serve it on 127.0.0.1:8000 (or PORT)"
	@echo "make dev     serve the page and follow the sources: a change is built, and the page reloads"
	@echo "make dist    build dist/stedi-lakehouse.html, one file that needs no other"
	@echo "make dist-sql  build dist/stedi-lakehouse-sql.html too, the same with the SQL console"
	@echo "make cli     build the command line program"
	@echo "make cli-page   build the program with the page inside it"
	@echo "make wheel   build the Python package for this machine, with the page in it, into dist/wheel"
	@echo "make release    build the files of a release into dist/release; release-check tries them"
	@echo "make reproducible  build a release in two folders, and compare their bytes"
	@echo "make site    put the page and its sums into dist/site, to be published"
	@echo "make test-quick  what can be told within two minutes: form, lints, types, the core's own tests"
	@echo "make test    run every test but these five:"
	@echo "make test-long   a line of a gigabyte; the core against sql/ on 10,000 generated cases for each engine; longer"
	@echo "             fuzzing, 200 cancelled runs of the page; the build in two folders, and as an ordinary user without"
	@echo "             sudo and a package manager"
	@echo "make test-spark  the Spark job on a cluster of its own"
	@echo "make test-wheel   the Python package, where nothing else is installed"
	@echo "make test-s3   the program with object stores, against a server that speaks S3, with faults between them"
	@echo "make test-notebook  examples/step_detection.ipynb; leaves it with its outputs in dist/notebook"
	@echo "make test-repeat  the page tests TIMES=20 times under load, until one fails"
	@echo "make fuzz    look for inputs that break it; SECONDS=600 for each of the five targets"
	@echo "make mutants change the rules one place at a time, and see whether a test notices; AREA=joins for one of them,"
	@echo "             SHARD=0/4 for the first of four parts"
	@echo "make bench   measure it beside other engines; BENCH=--help lists the options"
	@echo "make gallery  pictures of all components and parts, beside those that were kept; KEEP=1 keeps these"
	@echo "make clean   remove what was built; the tools in the cache stay"

serve:
	@STEDI_PROFILE=serve $(MAKE) --no-print-directory dist
	@echo "This page was built quickly: it is larger and a little slower than that of make dist."
	@node scripts/serve.mjs

dev:
	@STEDI_PROFILE=quick $(MAKE) --no-print-directory dist
	@. scripts/env.sh && exec node scripts/dev.mjs

# The core and the SQL console's engine, which -j2 compiles side by side: in the end the core keeps one processor only.
# Cargo shares the processors by itself, not by make's jobs.
wasm-tools:
	@scripts/setup.sh build wasm node

wasm-tools-sql: wasm-tools
	@scripts/setup.sh engine

wasm-core: wasm-tools
	@env -u MAKEFLAGS -u MFLAGS scripts/wasm.sh

wasm-engine: wasm-tools-sql
	@env -u MAKEFLAGS -u MFLAGS scripts/engine.sh

dist: wasm-core
	@. scripts/env.sh && node www/build/build.mjs

dist-sql: dist wasm-engine
	@. scripts/env.sh && node www/build/build.mjs --sql

# build_cli PROFILE,OPTION...: the program with its commit, and with the page where the option asks for it.
define build_cli
	@scripts/setup.sh build
	@. scripts/env.sh && STEDI_COMMIT=$$(git --no-optional-locks describe --always --dirty --abbrev=12 '--exclude=*' 2>/dev/null) \
	  STEDI_PAGE=$$root/dist/stedi-lakehouse.html cargo build --locked --profile $(1) $(2) && echo "$$CARGO_TARGET_DIR/$(1)/stedi-lakehouse"
endef

cli:
	$(call build_cli,cli)

cli-page: dist
	$(call build_cli,release,--features page)

# As a release has it, for this machine's processor.
wheel: dist
	@scripts/setup.sh build wheel release
	@. scripts/env.sh && scripts/wheel.sh "$$root/dist/wheel" "$$(uname -m)-unknown-linux-gnu"

release: dist-sql
	@scripts/release.sh

# What runs on runners of other systems: TARGET, and the page that dist/ has.
release-program:
	@scripts/release_program.sh $(TARGET)

release-sums:
	@scripts/release_sums.sh dist/release

release-check:
	@scripts/release_check.sh

reproducible:
	@scripts/reproducible.sh release

site:
	@. scripts/env.sh && node scripts/site.mjs

test:
	@scripts/test.sh

test-quick:
	@scripts/test.sh quick

test-long:
	@STEDI_CASES=10000 STEDI_FUZZ_SECONDS=120 scripts/test.sh setup fuzz json-long cli clippy-sql sql reproducible \
	  as-user dist page-long readers

test-repeat:
	@scripts/repeat.sh $(or $(TIMES),20)

test-spark:
	@scripts/test-spark.sh

test-wheel:
	@scripts/test.sh setup-wheel cli wheel

test-s3:
	@scripts/test.sh setup-s3 clippy-s3 native-s3 s3

test-notebook:
	@scripts/test.sh setup-notebook cli notebook

fuzz:
	@env -u SECONDS STEDI_FUZZ_SECONDS=$(or $(SECONDS),600) scripts/test.sh fuzz

mutants:
	@SHARD=$(SHARD) scripts/mutants.sh $(AREA)

# What releases are: the profile that takes its time.
bench: dist
	$(call build_cli,release)
	@scripts/setup.sh browsers bench $(if $(findstring --spark,$(BENCH)),bench_spark)
	$(if $(findstring wheel,$(BENCH)),@scripts/setup.sh wheel && STEDI_PROFILE=wheel scripts/wheel.sh dist/wheel && \
	  rm -rf dist/wheel/unpacked && python3 -m zipfile -e dist/wheel/*-linux_*.whl dist/wheel/unpacked)
	@. scripts/env.sh && node bench/run.mjs $(BENCH)

# For a person to look at: no test is made of it.
gallery: dist
	@scripts/setup.sh browsers
	@. scripts/env.sh && node scripts/gallery.mjs $(if $(KEEP),--keep)

clean:
	@. scripts/env.sh && rm -rf dist www/pkg "$$CARGO_TARGET_DIR"
