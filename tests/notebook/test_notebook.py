"""The notebook of `examples/` runs to its end without a network, and its margin fails what has learned nothing."""

import os
import tempfile
import unittest
from pathlib import Path

import nbclient
import nbformat

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "examples" / "step_detection.ipynb"
REAL_DATA = Path(os.environ["STEDI_DATA"])
# Whatever asks for an address is sent to a port where nobody is.
NOWHERE = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")


def execute(notebook, **environment):
    """Runs the cells, in a folder that must be empty afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(
            notebook,
            resources={"metadata": {"path": folder}},
            timeout=600,
            startup_timeout=300,
            # It warns that others on this machine may listen.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        client.execute(env={**os.environ, **NOWHERE, "TMPDIR": folder, **environment})
        left = [path.name for path in Path(folder).iterdir()]
        assert not left, f"left behind: {left}"


def read():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    return notebook


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def text(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


class Notebook(unittest.TestCase):
    def test_it_runs_on_made_up_data(self):
        notebook = read()
        execute(notebook, STEDI_DATA="")
        self.assertIn("a made-up export", text(cell(notebook, "original")))
        self.check_outputs(notebook)
        # For people to look at.
        copy = ROOT / "dist" / "notebook" / NOTEBOOK.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, copy)
        print(f"with outputs: {copy.relative_to(ROOT)}")

    def test_it_runs_on_the_real_export(self):
        if not REAL_DATA.is_dir():
            self.skipTest(f"the real data is not here ({REAL_DATA})")
        notebook = read()
        execute(notebook, STEDI_DATA=str(REAL_DATA.resolve()))
        self.assertIn("the real export.", text(cell(notebook, "original")))
        self.check_outputs(notebook)

    def check_outputs(self, notebook):
        """Nothing warns, and each figure has words in its place and beside it."""
        pictures = 0
        for outputs in (cell.outputs for cell in notebook.cells if cell.cell_type == "code"):
            self.assertEqual([output.text for output in outputs if output.get("name") == "stderr"], [])
            for picture, beside in zip(outputs, outputs[1:]):
                if "image/png" in picture.get("data", {}):
                    words = picture.metadata["image/png"]["alt"]
                    self.assertGreater(len(words), 40)
                    self.assertIn(words, beside.data["text/markdown"])
                    pictures += 1
        shown = sum(cell.source.count("\nshow(") for cell in notebook.cells if cell.cell_type == "code")
        self.assertEqual(pictures, shown)
        self.assertGreaterEqual(pictures, 4)

    def test_the_margin_fails_what_has_learned_nothing(self):
        """A model that says always the same, and one whose labels are those of other windows."""
        for name, add in {
            "a constant": ("baseline", "baseline = constant"),
            "labels of other windows": (
                "windows",
                "own = labelled\n"
                "def labelled(windows, steps):\n"
                "    made = own(windows, steps)\n"
                "    other = made[['steps', 'has_steps']].sample(frac=1, random_state=1).set_axis(made.index)\n"
                "    return made.assign(**other)",
            ),
        }.items():
            with self.subTest(name):
                notebook = read()
                margin = [cell.id for cell in notebook.cells].index("margin")
                del notebook.cells[margin + 1 :]
                where, code = add
                wrong = cell(notebook, where)
                wrong.source += f"\n{code}"
                with self.assertRaises(nbclient.exceptions.CellExecutionError) as failure:
                    execute(notebook, STEDI_DATA="")
                self.assertEqual(failure.exception.ename, "AssertionError")
                self.assertIn("better than the constant in its worst fold", failure.exception.evalue)


if __name__ == "__main__":
    unittest.main()
