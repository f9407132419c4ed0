//! The boundary to the browser: it converts and delegates. Every error is a JS
//! `Error` with a `code`, and the `place` in the statement where that is known.

use js_sys::Error as JsError;
use stedi_lakehouse::ingest::InputFile;
use stedi_lakehouse::schema::{Landing, Table};
use stedi_lakehouse::views::SqlDone;
use stedi_lakehouse::wasm::{Archive, PackedEntry, js, view};
use wasm_bindgen::prelude::*;

use crate::answer::Answer;
use crate::fault::Fault;
use crate::lake::{Done, Lake};
use crate::landing::Rows;

type JsResult<T> = Result<T, JsValue>;

/// A lake that is asked: see `www/worker/sql-worker.js`.
#[wasm_bindgen]
pub struct Engine {
    lake: Lake,
    loading: Option<Rows>,
    open: Option<InputFile>,
    answer: Option<Answer>,
}

fn file_of(kind: Landing, share: bool) -> InputFile {
    match share {
        true => InputFile::share("", kind, false),
        false => InputFile::new("", kind),
    }
}

#[wasm_bindgen]
impl Engine {
    /// A lake without rows, which may grow to `budget` bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(budget: usize) -> JsResult<Engine> {
        Ok(Engine { lake: Lake::new(budget).map_err(js_error)?, loading: None, open: None, answer: None })
    }

    /// The tables of the lake that a statement reads and that have not come.
    pub fn wanted(&self, sql: &str) -> JsResult<js::TableNames> {
        view(&self.lake.wanted(sql).map_err(js_error)?)
    }

    /// Takes a written table, as Parquet.
    pub fn written(&mut self, table: &str, file: Vec<u8>) -> JsResult<()> {
        self.lake.written(written(table)?, file).map_err(js_error)
    }

    /// Takes a table of the session again, as Parquet.
    pub fn own(&mut self, name: &str, raw: bool, file: Vec<u8>) -> JsResult<()> {
        self.lake.own(name, raw, file).map_err(js_error)
    }

    /// Begins a landing table; its files follow, then `loaded`.
    pub fn load(&mut self, table: &str) -> JsResult<()> {
        self.loading = Some(Rows::new(landing(table)?, self.lake.left()));
        Ok(())
    }

    /// Opens a file of the landing table; `share` says that others of its records are of
    /// other tables.
    pub fn open(&mut self, share: bool) -> JsResult<()> {
        self.open = Some(file_of(self.rows()?.kind(), share));
        Ok(())
    }

    /// Opens an entry of an archive, whose packed bytes are pushed.
    pub fn open_entry(&mut self, packed: PackedEntry, share: bool) -> JsResult<()> {
        self.open = Some(packed.into_file(file_of(self.rows()?.kind(), share)));
        Ok(())
    }

    /// Takes the next bytes of the open file.
    pub fn push(&mut self, chunk: &[u8]) -> JsResult<()> {
        let (Some(rows), Some(file)) = (&mut self.loading, &mut self.open) else {
            return Err(out_of_turn());
        };
        file.push(chunk, rows.sink());
        rows.check().map_err(js_error)
    }

    /// Ends the open file.
    pub fn close(&mut self) -> JsResult<()> {
        let (Some(rows), Some(file)) = (&mut self.loading, self.open.take()) else {
            return Err(out_of_turn());
        };
        file.finish(rows.sink());
        rows.check().map_err(js_error)
    }

    /// Takes a whole entry of an archive, as `open` does a file.
    pub fn entry(&mut self, archive: &mut Archive, index: usize, share: bool) -> JsResult<()> {
        let rows = self.rows()?;
        let mut file = file_of(rows.kind(), share);
        archive.decode(index, &mut file, rows.sink())?;
        file.finish(rows.sink());
        rows.check().map_err(js_error)
    }

    /// Every file of the landing table is in.
    pub fn loaded(&mut self) -> JsResult<()> {
        let rows = self.loading.take().ok_or_else(out_of_turn)?;
        self.lake.landing(rows).map_err(js_error)
    }

    fn rows(&mut self) -> JsResult<&mut Rows> {
        self.loading.as_mut().ok_or_else(out_of_turn)
    }

    /// Runs a statement.
    pub fn run(&mut self, sql: &str) -> JsResult<js::SqlDone> {
        self.answer = None;
        let (done, answer) = match self.lake.run(sql).map_err(js_error)? {
            Done::Answer(answer) => {
                let view = SqlDone::Rows { columns: answer.columns(), rows: answer.rows(), raw: answer.raw };
                (view, Some(answer))
            }
            Done::Created { name, rows } => {
                (SqlDone::Created { name, rows: rows.rows(), raw: rows.raw }, Some(rows))
            }
            Done::Dropped(names) => (SqlDone::Dropped { names }, None),
        };
        self.answer = answer;
        view(&done)
    }

    /// Rows of the last answer as text.
    pub fn page(&self, start: usize, end: usize) -> JsResult<js::TextRows> {
        view(&self.answer()?.page(start, end).map_err(js_error)?)
    }

    /// The last answer as a file: `csv`, `ndjson` or `parquet`.
    pub fn file(&self, format: &str) -> JsResult<Vec<u8>> {
        let answer = self.answer()?;
        match format {
            "csv" => answer.csv(),
            "ndjson" => answer.ndjson(),
            "parquet" => answer.parquet(),
            other => Err(Fault::refused(format!("{other} is no format."))),
        }
        .map_err(js_error)
    }

    fn answer(&self) -> JsResult<&Answer> {
        self.answer.as_ref().ok_or_else(out_of_turn)
    }
}

fn written(name: &str) -> JsResult<Table> {
    Table::from_name(name).filter(|table| Table::WRITTEN.contains(table)).ok_or_else(no_table)
}

fn landing(name: &str) -> JsResult<Landing> {
    Landing::ALL.into_iter().find(|kind| kind.table().name() == name).ok_or_else(no_table)
}

fn no_table() -> JsValue {
    js_error(Fault::refused("No such table of the lake."))
}

#[wasm_bindgen]
extern "C" {
    /// An `Error` with a code, and with a place where that is known.
    #[wasm_bindgen(extends = JsError)]
    type SqlError;
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &SqlError, code: &str);
    #[wasm_bindgen(method, setter)]
    fn set_place(this: &SqlError, place: js::SqlPlace);
}

fn js_error(fault: Fault) -> JsValue {
    let error: SqlError = JsError::new(&fault.message).unchecked_into();
    error.set_code(fault.code);
    if let Some(place) = fault.place.and_then(|place| view(&place).ok()) {
        error.set_place(place);
    }
    error.into()
}

fn out_of_turn() -> JsValue {
    js_error(Fault { code: "engine", message: "This was asked for out of turn.".to_owned(), place: None })
}
