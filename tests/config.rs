//! Where options come from: flags, the environment, a configuration.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod lake;

use std::fs;
use std::process::{Command, Output};

use lake::{Place, program, report};

/// A run from `export` into `lake` with these flags, in this environment.
fn run(place: &Place, words: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command: Command = program(&["run", "export"]);
    command.current_dir(place.path("")).args(words).envs(environment.iter().copied());
    command.output().unwrap()
}

fn done(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// What a call that is wrong says.
fn wrong(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    said
}

fn option(place: &Place, name: &str) -> String {
    report(&place.lake())["options"][name].as_str().unwrap().to_owned()
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_configuration() {
    let place = Place::new();
    fs::write(place.path("c.toml"), "records = 'latest'\nconsent = 'as-of'\njoin = \"time\"\n").unwrap();
    let environment = [("STEDI_CONSENT", "ever"), ("STEDI_RECORDS", "any"), ("STEDI_IDENTITY", "serial")];
    let words = ["--out=lake", "--config=c.toml", "--records=latest", "--verbose"];
    let said = done(&run(&place, &words, &environment));
    for (name, value, origin) in [
        ("records", "latest", "command line"),
        ("consent", "ever", "STEDI_CONSENT"),
        ("identity", "serial", "STEDI_IDENTITY"),
        ("join", "time", "configuration, line 3"),
    ] {
        assert_eq!(option(&place, name), value, "{name}");
        assert!(said.contains(&format!("option {name}: {value} ({origin})\n")), "{said}");
    }
    assert_eq!(option(&place, "shared_serials"), "keep", "the default");
    assert!(!said.contains("option shared-serials"), "{said}");
    done(&run(&place, &["--out=lake"], &[("STEDI_CONFIG", "c.toml")]));
    assert_eq!(option(&place, "consent"), "as-of");
}

#[test]
fn every_option_has_its_variable_and_its_name_in_a_configuration() {
    let place = Place::new();
    fs::write(place.path("list"), "nobody@example.com\n").unwrap();
    let settings = [
        ("out", "'lake'"),
        ("export", "'research'"),
        ("test-share", "0.5"),
        ("with-landing", "false"),
        ("format", "'parquet'"),
        ("compression", "'gzip'"),
        ("consent", "'as-of'"),
        ("records", "'latest'"),
        ("emails", "'folded'"),
        ("shared-serials", "'drop'"),
        ("duplicates", "'drop'"),
        // Another join or identity goes with no share.
        ("join", "'owner'"),
        ("identity", "'pseudonym'"),
        ("times", "'relative'"),
        ("one-per-instant", "'on'"),
        ("withdrawals", "'list'"),
        ("new-key", "false"),
        ("key-file", "'key'"),
        ("save-key", "'new-key'"),
        ("report", "'second.json'"),
        ("license", "'CC0-1.0'"),
        ("creator", "'Ann'"),
        ("url", "'https://example.com/'"),
        ("all-zones", "true"),
        ("strict", "false"),
        ("allow-missing", "true"),
        ("require", "'subjects>=0'"),
        ("dry-run", "false"),
        ("json", "true"),
        ("quiet", "true"),
        ("verbose", "false"),
    ];
    let help = program(&["run", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let names = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let names = names.filter_map(|line| line.split_once("--")?.1.split([' ', '[']).next());
    for name in names.filter(|name| !["config", "help", "from"].contains(name)) {
        assert!(settings.iter().any(|(known, _)| *known == name), "{name} is not tried here");
    }
    // `from` needs a lake: tests/lake_goes_on.rs tries it. The two that exclude each other are tried one by one.
    let all: Vec<_> = settings.iter().filter(|(name, _)| *name != "save-key").collect();
    let text: String = all.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
    fs::write(place.path("c.toml"), text).unwrap();
    let output = run(&place, &["--config=c.toml"], &[]);
    assert!(output.stderr.is_empty() || !done(&output).contains("error"));
    let tables = || {
        ["train", "test"]
            .map(|split| fs::read(place.path(&format!("lake/data/{split}-00000-of-00001.parquet"))).unwrap())
    };
    let from_configuration = tables();
    assert_eq!(
        (option(&place, "one_per_instant"), option(&place, "times")),
        ("on".to_owned(), "relative".to_owned())
    );
    assert_eq!(report(&place.lake()), serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap());

    fs::remove_dir_all(place.lake()).unwrap();
    let variables: Vec<(String, &str)> = all
        .iter()
        .map(|(name, value)| {
            (format!("STEDI_{}", name.to_uppercase().replace('-', "_")), value.trim_matches('\''))
        })
        .collect();
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    done(&run(&place, &[], &variables));
    assert!(tables() == from_configuration);

    fs::write(place.path("c.toml"), "save-key = 'new-key'\nout = 'other'").unwrap();
    done(&run(&place, &["--config=c.toml"], &[]));
    fs::remove_file(place.path("new-key")).unwrap();
    done(&run(&place, &["--out=other"], &[("STEDI_SAVE_KEY", "new-key")]));
    assert!(place.path("new-key").exists());
}

#[test]
fn a_switch_can_be_turned_off_again_and_what_excludes_a_setting_goes_before_it() {
    let place = Place::new();
    fs::write(place.path("export/x.json"), "rubbish").unwrap();
    fs::write(place.path("c.toml"), "strict = true\nout = 'lake'\nkey-file = 'key'\nquiet = true\n").unwrap();
    assert_eq!(run(&place, &["--config=c.toml"], &[]).status.code(), Some(1));
    done(&run(&place, &["--config=c.toml", "--strict=false"], &[]));
    done(&run(&place, &["--config=c.toml"], &[("STEDI_STRICT", "0")]));
    done(&run(&place, &["--config=c.toml", "--strict=false", "--save-key=other"], &[]));
    assert_eq!(option(&place, "key"), "random");
    let said = done(&run(&place, &["--config=c.toml", "--strict=false", "-v"], &[]));
    assert!(said.contains("option key-file: "), "{said}");
    fs::write(place.path("c.toml"), "key-file = 'key'\n# both\nsave-key = 'new'\n").unwrap();
    let said = wrong(&run(&place, &["--config=c.toml", "-o=lake"], &[]));
    assert!(said.contains("c.toml, line 3: save-key and key-file exclude each other"), "{said}");
}

#[test]
fn paths_are_relative_to_the_configuration() {
    let place = Place::new();
    fs::create_dir_all(place.path("set/up")).unwrap();
    fs::write(place.path("set/key"), "another").unwrap();
    fs::write(place.path("set/up/c.toml"), "key-file = '../key'\nout = '../../lake'").unwrap();
    done(&run(&place, &["--config=set/up/c.toml"], &[]));
    let check = option(&place, "key_check");
    done(&run(&place, &["--out=lake", "--key-file=set/key"], &[]));
    assert_eq!(option(&place, "key_check"), check);
    // It is read, so nothing is written over it.
    fs::write(place.path("set/up/c.toml"), "report = 'c.toml'\nout = '../../lake'").unwrap();
    let said = wrong(&run(&place, &["--config=set/up/c.toml"], &[]));
    assert!(said.contains("c.toml, which is one of its inputs"), "{said}");
}

#[test]
fn what_is_wrong_is_named_by_its_line_and_no_secret_is_repeated() {
    let place = Place::new();
    let secret = "p0@example.com";
    for (text, expected) in [
        (
            "consent = 'ever'\n\nshared_serials = 'drop'",
            "line 3: there is no option shared_serials; did you mean shared-serials?",
        ),
        ("consnet = 'ever'", "line 1: there is no option consnet; did you mean consent?"),
        ("zzz = 1", "line 1: there is no option zzz\n"),
        ("config = 'c.toml'", "line 1: there is no option config"),
        ("[consent]\nx = 1", "line 1: consent must be a text in quotes"),
        ("consent = 'never'", "line 1: invalid value 'never' for '--consent"),
        ("out = ''", "line 1: out must not be empty"),
        ("strict = 'yes'", "line 1: strict must be true or false"),
        ("test-share = true", "line 1: test-share must be a number"),
        (
            "test-share = 2",
            "line 1: invalid value '2' for '--test-share <SHARE>': the share of the test split",
        ),
        ("one-per-instant = 'once'", "line 1: invalid value 'once' for '--one-per-instant"),
        ("one-per-instant = 1", "line 1: one-per-instant must be true or false"),
        ("consent = 'ever'\nconsent = 'as-of'", "line 2: this is not TOML: duplicate key"),
        ("key = 'p0@example.com'", "line 1: a key must not stand in a configuration"),
        (
            "\nkey-file = 'p0@example.com'",
            "line 2: key-file must name a file that is there; the key must not",
        ),
        (
            "withdrawals = ['p0@example.com']",
            "line 1: withdrawals must name a file; the withdrawals must not",
        ),
        ("withdrawals = 'p0@example.com'", "line 1: withdrawals must name a file that is there"),
        (
            "withdrawals = '''\np0@example.com\nserial-1'''",
            "line 1: withdrawals must name a file that is there",
        ),
        ("withdrawals = p0@example.com", "line 1: this is not TOML"),
        ("withdrawals = [\n'p0@example.com'", "this is not TOML"),
    ] {
        fs::write(place.path("c.toml"), text).unwrap();
        let said = wrong(&run(&place, &["--config=c.toml", "--out=lake"], &[]));
        assert!(said.contains(expected), "{text}: {said}");
        assert!(!said.contains(secret), "{said}");
    }
    assert!(!place.lake().exists());
    assert!(
        wrong(&run(&place, &["--config=none.toml", "--out=lake"], &[])).contains("cannot read none.toml")
    );
    let said = wrong(&run(&place, &["--out=lake"], &[("STEDI_CONSENT", "never")]));
    assert!(said.contains("never"), "{said}");
}
