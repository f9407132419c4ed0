//! The tables as Athena and Hive know them: `CREATE EXTERNAL TABLE` over the
//! folders of the lake.

use super::TableFormat;
use crate::options::Compression;
use crate::schema::{Column, Table};

/// Stands in every statement for the bucket, or the bucket and a folder in it.
pub const BUCKET: &str = "${bucket}";

/// The statement of a table. Landing tables are read by the OpenX SerDe, which
/// wants one record a line; the others are Parquet, or Delta Lake's, whose log has the columns: Athena's form for
/// these names none.
pub fn ddl(table: Table, compression: Compression, format: TableFormat) -> String {
    let (name, folder) = (table.name(), table.folder());
    if format == TableFormat::Delta && !table.is_landing() {
        return format!(
            "CREATE EXTERNAL TABLE IF NOT EXISTS {name}\nLOCATION 's3://{BUCKET}/{folder}/'\n\
             TBLPROPERTIES ('table_type' = 'DELTA')\n"
        );
    }
    let columns: Vec<String> = table.columns().iter().map(column).collect();
    let columns = columns.join(",\n");
    let format = if table.is_landing() { LANDING } else { PARQUET };
    let properties = if table.is_landing() {
        "'classification' = 'json'".to_owned()
    } else {
        format!("'classification' = 'parquet', 'parquet.compression' = '{}'", codec(compression))
    };
    format!(
        "CREATE EXTERNAL TABLE IF NOT EXISTS {name} (\n{columns}\n)\n{format}\n\
         LOCATION 's3://{BUCKET}/{folder}/'\nTBLPROPERTIES ({properties})\n"
    )
}

const PARQUET: &str = "STORED AS PARQUET";

/// Malformed records fail the query: nothing is dropped without being counted.
const LANDING: &str = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('case.insensitive' = 'true', 'ignore.malformed.json' = 'false')
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'";

/// Quoted, for two names are reserved words.
fn column(column: &Column) -> String {
    let meaning = column.meaning.replace('\'', "’");
    format!("  `{}` {} COMMENT '{meaning}'", column.name, column.ty.name())
}

fn codec(compression: Compression) -> &'static str {
    match compression {
        Compression::Snappy => "SNAPPY",
        Compression::Gzip => "GZIP",
        Compression::Zstd => "ZSTD",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_its_columns_in_its_folder() {
        let text = ddl(Table::MachineLearningCurated, Compression::Zstd, TableFormat::Parquet);
        assert!(text.starts_with(
            "CREATE EXTERNAL TABLE IF NOT EXISTS machine_learning_curated (\n  `subject` string "
        ));
        assert!(text.contains("\n  `distancefromobject` int COMMENT"));
        assert!(text.contains("LOCATION 's3://${bucket}/step_trainer/curated/'"));
        assert!(text.contains("'parquet.compression' = 'ZSTD'"));
    }

    #[test]
    fn no_comment_ends_early() {
        let text = ddl(Table::AccelerometerLanding, Compression::Snappy, TableFormat::Delta);
        assert!(text.contains("phone’s"), "{text}");
        assert!(text.contains("JsonSerDe"));
    }

    /// The form of Athena's manual, "Creating Delta Lake tables".
    #[test]
    fn a_table_of_delta_lake_has_its_columns_from_its_log() {
        let text = ddl(Table::CustomerTrusted, Compression::Snappy, TableFormat::Delta);
        assert_eq!(
            text,
            "CREATE EXTERNAL TABLE IF NOT EXISTS customer_trusted\nLOCATION 's3://${bucket}/customer/trusted/'\n\
             TBLPROPERTIES ('table_type' = 'DELTA')\n"
        );
    }
}
