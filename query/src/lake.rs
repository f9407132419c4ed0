//! The tables, and statements run over them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use bytes::Bytes;
use datafusion::datasource::MemTable;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::collect;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::parser::Statement;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use stedi_lakehouse::export::{TableFormat, ddl};
use stedi_lakehouse::options::Compression;
use stedi_lakehouse::schema::Table;
use tokio::runtime::Runtime;

use crate::answer::Answer;
use crate::athena;
use crate::fault::Fault;
use crate::landing::{BATCH, Rows};
use crate::statement::{self, Action};

/// A table of the session, beside those of the lake.
struct Own {
    raw: bool,
    bytes: usize,
}

/// What a statement did.
pub enum Done {
    /// It gave rows.
    Answer(Answer),
    /// It made a table.
    Created {
        /// Its name.
        name: String,
        /// Its rows, for a file.
        rows: Answer,
    },
    /// It let go of tables.
    Dropped(Vec<String>),
}

/// The tables of a lake and of a session.
pub struct Lake {
    context: SessionContext,
    runtime: Runtime,
    /// Bytes that the rows of all tables may have, and those of each that has come.
    budget: usize,
    loaded: BTreeMap<Table, usize>,
    own: BTreeMap<String, Own>,
}

impl Lake {
    /// The eight tables, without rows; those that come may have `budget` bytes,
    /// and a statement as many again while it runs.
    ///
    /// # Errors
    /// What the engine needs and does not find.
    pub fn new(budget: usize) -> Result<Lake, Fault> {
        // There is one thread, and no disk.
        let mut config = SessionConfig::new()
            .with_target_partitions(1)
            .with_information_schema(true)
            .with_batch_size(BATCH);
        config.options_mut().sql_parser.collect_spans = true;
        let environment = RuntimeEnvBuilder::new()
            .with_memory_limit(budget, 1.0)
            .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled));
        let context = SessionContext::new_with_config_rt(config, environment.build_arc()?);
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| Fault {
            code: "engine",
            message: error.to_string(),
            place: None,
        })?;
        let lake = Lake { context, runtime, budget, loaded: BTreeMap::new(), own: BTreeMap::new() };
        for table in Table::ALL {
            lake.register(table.name(), table.arrow_schema(), Vec::new())?;
        }
        Ok(lake)
    }

    fn register(&self, name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<(), Fault> {
        let table = MemTable::try_new(schema, vec![batches])?;
        self.context.deregister_table(name)?;
        self.context.register_table(name, Arc::new(table))?;
        Ok(())
    }

    /// Bytes that are left for the rows of tables.
    pub fn left(&self) -> usize {
        let own = self.own.values().map(|own| own.bytes);
        self.budget.saturating_sub(self.loaded.values().copied().chain(own).sum())
    }

    /// The tables of the lake that a statement reads and that have not come.
    ///
    /// # Errors
    /// What keeps the statement from being run.
    pub fn wanted(&self, sql: &str) -> Result<Vec<Table>, Fault> {
        let named = statement::tables(&statement::read(sql)?, &self.context.state())?;
        let tables = Table::ALL.into_iter().filter(|table| named.contains(table.name()));
        Ok(tables.filter(|table| !self.loaded.contains_key(table)).collect())
    }

    /// Takes the rows of a landing table.
    ///
    /// # Errors
    /// `too_large`.
    pub fn landing(&mut self, rows: Rows) -> Result<(), Fault> {
        let table = rows.kind().table();
        let batches = rows.finish()?;
        let bytes = size(&batches);
        self.register(table.name(), table.arrow_schema(), batches)?;
        self.loaded.insert(table, bytes);
        Ok(())
    }

    /// Takes a written table, as Parquet.
    ///
    /// # Errors
    /// Bytes that are no Parquet file of it, or `too_large`.
    pub fn written(&mut self, table: Table, file: Vec<u8>) -> Result<(), Fault> {
        let (schema, batches) = self.decode(table.name(), file)?;
        let bytes = size(&batches);
        self.register(table.name(), schema, batches)?;
        self.loaded.insert(table, bytes);
        Ok(())
    }

    /// Takes a table of the session again, as Parquet.
    ///
    /// # Errors
    /// As [`Lake::written`].
    pub fn own(&mut self, name: &str, raw: bool, file: Vec<u8>) -> Result<(), Fault> {
        let (schema, batches) = self.decode(name, file)?;
        let bytes = size(&batches);
        self.register(name, schema, batches)?;
        self.own.insert(name.to_owned(), Own { raw, bytes });
        Ok(())
    }

    fn decode(&self, name: &str, file: Vec<u8>) -> Result<(SchemaRef, Vec<RecordBatch>), Fault> {
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(Bytes::from(file))?.with_batch_size(BATCH).build()?;
        let (left, mut bytes) = (self.left(), 0);
        let mut batches = Vec::new();
        let schema = arrow::array::RecordBatchReader::schema(&reader);
        for batch in reader {
            let batch = batch?;
            bytes += batch.get_array_memory_size();
            if bytes > left {
                return Err(Fault::too_large(format!(
                    "{name} is too large for the memory of a tab: its rows need more than the {} MB that are left.",
                    left >> 20
                )));
            }
            batches.push(batch);
        }
        Ok((schema, batches))
    }

    /// Runs a statement; what it reads must have come.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn run(&mut self, sql: &str) -> Result<Done, Fault> {
        match statement::read(sql)? {
            Action::Show(statement) => self.query(statement).map(Done::Answer),
            Action::Summarize(query) => self.summarize(&query).map(Done::Answer),
            Action::ShowCreate { name } => show_create(&name).map(Done::Answer),
            Action::Create { name, replace, query } => {
                if Table::from_name(&name).is_some() {
                    return Err(Fault::refused(format!("{name} is a table of the lake; take another name.")));
                }
                if self.own.contains_key(&name) && !replace {
                    return Err(Fault::refused(format!(
                        "There is a table {name} already: CREATE OR REPLACE TABLE, or DROP TABLE first."
                    )));
                }
                let rows = self.query(query)?;
                self.create(name, rows)
            }
            Action::Drop { names, if_exists } => self.drop(names, if_exists),
        }
    }

    fn query(&self, statement: Statement) -> Result<Answer, Fault> {
        let state = self.context.state();
        let plan = self.runtime.block_on(state.statement_to_plan(statement))?;
        let raw = statement::scanned(&plan)?.iter().any(|table| self.is_raw(table));
        let (schema, batches) = self.runtime.block_on(async {
            let plan = state.create_physical_plan(&plan).await?;
            let schema = plan.schema();
            collect(plan, state.task_ctx()).await.map(|batches| (schema, batches))
        })?;
        Ok(Answer::new(schema, batches, raw))
    }

    fn summarize(&self, query: &str) -> Result<Answer, Fault> {
        let state = self.context.state();
        let plan = self.runtime.block_on(state.statement_to_plan(athena::all_of(query)?))?;
        let columns = plan.schema().fields().iter();
        let columns = columns.map(|field| {
            let ty = field.data_type();
            (field.name().as_str(), ty.to_string(), ty.is_numeric())
        });
        self.query(athena::summary(query, columns)?)
    }

    fn is_raw(&self, table: &str) -> bool {
        let landing = Table::from_name(table).is_some_and(|table| !Table::WRITTEN.contains(&table));
        landing || self.own.get(table).is_some_and(|own| own.raw)
    }

    fn create(&mut self, name: String, rows: Answer) -> Result<Done, Fault> {
        let raw = rows.raw;
        let (schema, batches) = rows.into_parts();
        let mut seen = BTreeSet::new();
        if let Some(twice) = schema.fields().iter().find(|field| !seen.insert(field.name())) {
            return Err(Fault::refused(format!("Two columns are called {}: name one by AS.", twice.name())));
        }
        let bytes = size(&batches);
        if bytes > self.left() {
            return Err(Fault::too_large(format!("{name} is too large for the memory of a tab.")));
        }
        self.register(&name, Arc::clone(&schema), batches.clone())?;
        self.own.insert(name.clone(), Own { raw, bytes });
        Ok(Done::Created { name, rows: Answer::new(schema, batches, raw) })
    }

    fn drop(&mut self, names: Vec<String>, if_exists: bool) -> Result<Done, Fault> {
        for name in &names {
            if Table::from_name(name).is_some() {
                return Err(Fault::refused(format!("{name} is a table of the lake, which is only read.")));
            }
            if !if_exists && !self.own.contains_key(name) {
                return Err(Fault::refused(format!("There is no table {name}.")));
            }
        }
        for name in &names {
            self.own.remove(name);
            self.context.deregister_table(name.as_str())?;
        }
        Ok(Done::Dropped(names))
    }
}

/// The statement of a table, a line a row, as Athena shows it.
fn show_create(name: &str) -> Result<Answer, Fault> {
    let Some(table) = Table::from_name(name) else {
        return Err(Fault::refused(format!(
            "{name} is no table of the lake: it is made by CREATE TABLE … AS SELECT."
        )));
    };
    let statement = ddl(table, Compression::default(), TableFormat::Parquet);
    let schema = Arc::new(Schema::new(vec![Field::new("createtab_stmt", DataType::Utf8, false)]));
    // It wants to know how many there are.
    let lines: Vec<&str> = statement.lines().collect();
    let lines = StringArray::from_iter_values(lines);
    let batch = RecordBatch::try_new(Arc::clone(&schema), vec![Arc::new(lines)])?;
    Ok(Answer::new(schema, vec![batch], false))
}

fn size(batches: &[RecordBatch]) -> usize {
    batches.iter().map(RecordBatch::get_array_memory_size).sum()
}
