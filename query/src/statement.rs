//! What a statement may do, and which tables it reads.

use std::collections::BTreeSet;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SQLOptions;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::ast::{
    CreateTable, Ident, ObjectName, ObjectType, Query, ShowCreateObject, Statement as SqlStatement,
};

use crate::athena;
use crate::fault::Fault;

const POSSIBLE: &str = "Possible are SELECT, EXPLAIN, DESCRIBE, SUMMARIZE, SHOW TABLES, SHOW CREATE TABLE, \
                        CREATE TABLE name AS SELECT, and DROP TABLE name of a table made so.";

/// What is to be done.
pub enum Action {
    /// Shows what a query gives.
    Show(Statement),
    /// Says of each column of a query how many values it has, between which, and their mean.
    Summarize(String),
    /// Shows the statement by which Athena makes a table.
    ShowCreate {
        /// Its name.
        name: String,
    },
    /// Keeps what a query gives, under a name.
    Create {
        /// Folded to lower case, unless quoted.
        name: String,
        /// Whether it may take the place of another.
        replace: bool,
        /// What it is made of.
        query: Statement,
    },
    /// Lets go of tables.
    Drop {
        /// Their names.
        names: Vec<String>,
        /// Whether they may be missing.
        if_exists: bool,
    },
}

/// Reads one statement.
///
/// # Errors
/// What keeps it from being read, or that it is none that the console runs.
pub fn read(sql: &str) -> Result<Action, Fault> {
    if let Some(query) = athena::summarized(sql) {
        return Ok(Action::Summarize(query));
    }
    let mut statements = DFParser::parse_sql(sql)?;
    let Some(mut statement) = statements.pop_front() else {
        return Err(Fault::refused("There is no statement."));
    };
    if !statements.is_empty() {
        return Err(Fault::refused("One statement at a time: select the one to run."));
    }
    athena::translate(&mut statement)?;
    if reads(&statement) {
        return Ok(Action::Show(statement));
    }
    let Statement::Statement(statement) = statement else {
        return Err(not_run());
    };
    match *statement {
        SqlStatement::CreateTable(create) => create_table(create),
        SqlStatement::ShowCreate { obj_type: ShowCreateObject::Table, obj_name } => {
            Ok(Action::ShowCreate { name: single(&obj_name)? })
        }
        SqlStatement::Drop { object_type: ObjectType::Table, names, if_exists, .. } => {
            let names = names.iter().map(single).collect::<Result<_, _>>()?;
            Ok(Action::Drop { names, if_exists })
        }
        _ => Err(not_run()),
    }
}

fn not_run() -> Fault {
    Fault::refused(format!("The console only reads the lake. {POSSIBLE}"))
}

fn reads(statement: &Statement) -> bool {
    match statement {
        Statement::Explain(explain) => reads(&explain.statement),
        Statement::Statement(statement) => matches!(
            **statement,
            SqlStatement::Query(_)
                | SqlStatement::ExplainTable { .. }
                | SqlStatement::ShowTables { .. }
                | SqlStatement::ShowColumns { .. }
                | SqlStatement::ShowFunctions { .. }
        ),
        _ => false,
    }
}

fn create_table(create: CreateTable) -> Result<Action, Fault> {
    let bare = create.columns.is_empty()
        && create.constraints.is_empty()
        && create.location.is_none()
        && !(create.external || create.temporary || create.if_not_exists);
    match create {
        CreateTable { name, or_replace, query: Some(query), .. } if bare => {
            Ok(Action::Create { name: single(&name)?, replace: or_replace, query: query_of(query) })
        }
        _ => Err(Fault::refused(
            "A table is made of a query only: CREATE TABLE name AS SELECT …, or CREATE OR REPLACE TABLE.",
        )),
    }
}

fn query_of(query: Box<Query>) -> Statement {
    Statement::Statement(Box::new(SqlStatement::Query(query)))
}

fn single(name: &ObjectName) -> Result<String, Fault> {
    let folded = |ident: &Ident| match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    };
    match name.0.as_slice() {
        [part] => part.as_ident().map(folded),
        _ => None,
    }
    .ok_or_else(|| Fault::refused(format!("{name}: the name of a table has one part here.")))
}

/// The tables that a statement names.
///
/// # Errors
/// What its names cannot be told by.
pub fn tables(action: &Action, state: &SessionState) -> Result<BTreeSet<String>, Fault> {
    let named = match action {
        Action::Show(statement) | Action::Create { query: statement, .. } => {
            state.resolve_table_references(statement)?
        }
        Action::Summarize(query) => state.resolve_table_references(&athena::all_of(query)?)?,
        Action::ShowCreate { .. } | Action::Drop { .. } => return Ok(BTreeSet::new()),
    };
    Ok(named.iter().map(|table| table.table().to_owned()).collect())
}

/// The tables whose rows a plan hands on.
///
/// # Errors
/// A plan that does more than read.
pub fn scanned(plan: &LogicalPlan) -> Result<BTreeSet<String>, Fault> {
    let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    options.verify_plan(plan).map_err(|_| not_run())?;
    let mut tables = BTreeSet::new();
    // A plan by itself has no row in it; one that was run may have values of rows in its filters.
    if matches!(plan, LogicalPlan::Explain(_)) {
        return Ok(tables);
    }
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            tables.insert(scan.table_name.table().to_owned());
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(tables)
}
