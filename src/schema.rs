//! The eight tables and their columns. No other module names a column.
//!
//! Names are lower case, as Glue, Athena and DataFusion fold them.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

/// A column's type, by its Athena name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    String,
    /// 64-bit signed integer; all times are epoch milliseconds of this type.
    Bigint,
    /// 32-bit signed integer.
    Int,
    /// 64-bit float.
    Double,
}

impl ColumnType {
    /// Name in Athena, in SQL and on the page.
    pub fn name(self) -> &'static str {
        match self {
            ColumnType::String => "string",
            ColumnType::Bigint => "bigint",
            ColumnType::Int => "int",
            ColumnType::Double => "double",
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Lower-case name.
    pub name: &'static str,
    /// Type in every table that has it.
    pub ty: ColumnType,
    /// A landing record without a readable value here is rejected.
    pub key: bool,
    /// A value that cannot be read is null rather than a reason to reject the record:
    /// a consent date, which is no consent then.
    pub unreadable_is_null: bool,
    /// Two values of one record that differ are none, where of other columns the last counts: it
    /// decides on consent.
    pub conflict_is_null: bool,
    /// What it holds, for people.
    pub meaning: &'static str,
}

impl Column {
    /// Whether its values name a person, or a device that leads to one.
    pub fn identifies(&self) -> bool {
        ["customername", "email", "phone", "birthday", "serialnumber", "user"].contains(&self.name)
    }
}

const fn key(name: &'static str, ty: ColumnType, meaning: &'static str) -> Column {
    Column { key: true, ..plain(name, ty, meaning) }
}

const fn plain(name: &'static str, ty: ColumnType, meaning: &'static str) -> Column {
    Column { name, ty, key: false, unreadable_is_null: false, conflict_is_null: false, meaning }
}

/// Positions in the customer tables.
pub mod customer {
    /// What the person is called.
    pub const CUSTOMERNAME: usize = 0;
    /// Number of leading text columns; the rest are times.
    pub const TEXTS: usize = 5;
    /// Number of time columns.
    pub const TIMES: usize = 5;
    /// The person: what `user` of a reading names.
    pub const EMAIL: usize = 1;
    /// The step trainer's serial number.
    pub const SERIALNUMBER: usize = 4;
    /// When the record was last changed.
    pub const LASTUPDATEDATE: usize = 6;
    /// Consent to research, and since when.
    pub const SHAREWITHRESEARCHASOFDATE: usize = 7;
}

/// Positions in the accelerometer tables.
pub mod accelerometer {
    /// The email of the person.
    pub const USER: usize = 0;
    /// When the reading was taken.
    pub const TIMESTAMP: usize = 1;
    /// First of the three axes x, y, z.
    pub const X: usize = 2;
}

/// Positions in the step trainer tables.
pub mod step_trainer {
    /// When the reading was taken.
    pub const SENSORREADINGTIME: usize = 0;
    /// The device.
    pub const SERIALNUMBER: usize = 1;
    /// The measured distance.
    pub const DISTANCEFROMOBJECT: usize = 2;
}

/// Positions in machine_learning_curated.
pub mod machine_learning {
    /// Who: a pseudonym, or the device.
    pub const SUBJECT: usize = 0;
    /// When both readings were taken.
    pub const SENSORREADINGTIME: usize = 1;
    /// The step trainer's distance.
    pub const DISTANCEFROMOBJECT: usize = 2;
    /// First of the phone's three axes x, y, z.
    pub const X: usize = 3;
}

/// Columns of a list of withdrawals that hold emails or serial numbers, named as
/// [`crate::spelling::field_name`] gives them.
pub const LISTED: [&str; 10] = [
    "email",
    "emails",
    "emailaddress",
    "mail",
    "user",
    "serial",
    "serialno",
    "serialnumber",
    "serialnumbers",
    "serials",
];

/// What the names of such columns may end with too, as `oldemail`.
pub const LONG_LISTED: [&str; 4] = ["email", "emailaddress", "serialno", "serialnumber"];

/// Fields of a record that joins the readings of both sensors, which also has one of
/// [`PEOPLE`].
pub const JOINED: [&str; 3] = ["sensorreadingtime", "serialnumber", "timestamp"];
/// Fields that say who a person is.
pub const PEOPLE: [&str; 2] = ["email", "user"];

use ColumnType::{Bigint, Double, Int, String as Text};

static CUSTOMER: [Column; 10] = [
    plain("customername", Text, "Name of the person"),
    key("email", Text, "Email address: who the person is"),
    plain("phone", Text, "Phone number, as written"),
    plain("birthday", Text, "Date of birth, as written"),
    key("serialnumber", Text, "Serial number of the person's step trainer"),
    plain("registrationdate", Bigint, "When the person registered"),
    Column { conflict_is_null: true, ..plain("lastupdatedate", Bigint, "When the record was last changed") },
    Column {
        unreadable_is_null: true,
        conflict_is_null: true,
        ..plain(
            "sharewithresearchasofdate",
            Bigint,
            "Since when the person consents to research; null is no consent",
        )
    },
    plain("sharewithpublicasofdate", Bigint, "Since when the person shares with the public"),
    plain("sharewithfriendsasofdate", Bigint, "Since when the person shares with friends"),
];

static ACCELEROMETER: [Column; 5] = [
    key("user", Text, "Email address of the person"),
    key("timestamp", Bigint, "When the phone took the reading"),
    plain("x", Double, "Acceleration along the phone's x axis"),
    plain("y", Double, "Acceleration along the phone's y axis"),
    plain("z", Double, "Acceleration along the phone's z axis"),
];

static STEP_TRAINER: [Column; 3] = [
    key("sensorreadingtime", Bigint, "When the step trainer took the reading"),
    key("serialnumber", Text, "Serial number of the step trainer"),
    plain("distancefromobject", Int, "Distance from the object that the sensor sees"),
];

static MACHINE_LEARNING: [Column; 6] = [
    key("subject", Text, "Stands for the person: a pseudonym, or the serial number if the run was told so"),
    key(
        "sensorreadingtime",
        Bigint,
        "When both readings were taken; moved under times = shifted or relative",
    ),
    plain("distancefromobject", Int, "Distance from the object that the step trainer sees"),
    plain("x", Double, "Acceleration along the phone's x axis"),
    plain("y", Double, "Acceleration along the phone's y axis"),
    plain("z", Double, "Acceleration along the phone's z axis"),
];

/// The three kinds of landing record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Landing {
    /// Customer records.
    #[serde(rename = "customer_landing")]
    Customer,
    /// Phone accelerometer readings.
    #[serde(rename = "accelerometer_landing")]
    Accelerometer,
    /// Step trainer sensor readings.
    #[serde(rename = "step_trainer_landing")]
    StepTrainer,
}

impl Landing {
    /// All of them, in the order of the tables.
    pub const ALL: [Landing; 3] = [Landing::Customer, Landing::Accelerometer, Landing::StepTrainer];

    /// The table that its records land in.
    pub fn table(self) -> Table {
        match self {
            Landing::Customer => Table::CustomerLanding,
            Landing::Accelerometer => Table::AccelerometerLanding,
            Landing::StepTrainer => Table::StepTrainerLanding,
        }
    }

    /// The fields of a record; input names match them in any case.
    pub fn columns(self) -> &'static [Column] {
        self.table().columns()
    }
}

/// Every column of every landing table once: what a file is detected by.
pub fn landing_columns() -> &'static [Column] {
    static ALL: LazyLock<Vec<Column>> = LazyLock::new(|| {
        let mut all: Vec<Column> = Vec::new();
        for column in Landing::ALL.into_iter().flat_map(Landing::columns) {
            if all.iter().all(|seen| seen.name != column.name) {
                all.push(*column);
            }
        }
        all
    });
    &ALL
}

/// The eight tables of the lake, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // each is its name in snake case
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TableName"))]
pub enum Table {
    CustomerLanding,
    AccelerometerLanding,
    StepTrainerLanding,
    CustomerTrusted,
    AccelerometerTrusted,
    CustomerCurated,
    StepTrainerTrusted,
    MachineLearningCurated,
}

impl Table {
    /// All of them, in order.
    pub const ALL: [Table; 8] = [
        Table::CustomerLanding,
        Table::AccelerometerLanding,
        Table::StepTrainerLanding,
        Table::CustomerTrusted,
        Table::AccelerometerTrusted,
        Table::CustomerCurated,
        Table::StepTrainerTrusted,
        Table::MachineLearningCurated,
    ];

    /// The five that are written; landing rows never are.
    pub const WRITTEN: [Table; 5] = [
        Table::CustomerTrusted,
        Table::AccelerometerTrusted,
        Table::CustomerCurated,
        Table::StepTrainerTrusted,
        Table::MachineLearningCurated,
    ];

    /// Name in SQL, in the report and on the page.
    pub fn name(self) -> &'static str {
        match self {
            Table::CustomerLanding => "customer_landing",
            Table::AccelerometerLanding => "accelerometer_landing",
            Table::StepTrainerLanding => "step_trainer_landing",
            Table::CustomerTrusted => "customer_trusted",
            Table::AccelerometerTrusted => "accelerometer_trusted",
            Table::CustomerCurated => "customer_curated",
            Table::StepTrainerTrusted => "step_trainer_trusted",
            Table::MachineLearningCurated => "machine_learning_curated",
        }
    }

    /// The table of that name.
    pub fn from_name(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Folder in the lake. The original keeps machine_learning_curated under
    /// `step_trainer/curated`.
    pub fn folder(self) -> &'static str {
        match self {
            Table::CustomerLanding => "customer/landing",
            Table::AccelerometerLanding => "accelerometer/landing",
            Table::StepTrainerLanding => "step_trainer/landing",
            Table::CustomerTrusted => "customer/trusted",
            Table::AccelerometerTrusted => "accelerometer/trusted",
            Table::CustomerCurated => "customer/curated",
            Table::StepTrainerTrusted => "step_trainer/trusted",
            Table::MachineLearningCurated => "step_trainer/curated",
        }
    }

    /// Whether its rows are input, and never written.
    pub fn is_landing(self) -> bool {
        !Table::WRITTEN.contains(&self)
    }

    /// The rule that makes it, as portable SQL; none for a landing table.
    pub fn sql(self) -> Option<&'static str> {
        match self {
            Table::CustomerLanding | Table::AccelerometerLanding | Table::StepTrainerLanding => None,
            Table::CustomerTrusted => Some(include_str!("../sql/customer_trusted.sql")),
            Table::AccelerometerTrusted => Some(include_str!("../sql/accelerometer_trusted.sql")),
            Table::CustomerCurated => Some(include_str!("../sql/customer_curated.sql")),
            Table::StepTrainerTrusted => Some(include_str!("../sql/step_trainer_trusted.sql")),
            Table::MachineLearningCurated => Some(include_str!("../sql/machine_learning_curated.sql")),
        }
    }

    /// Columns in order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Table::CustomerLanding | Table::CustomerTrusted | Table::CustomerCurated => &CUSTOMER,
            Table::AccelerometerLanding | Table::AccelerometerTrusted => &ACCELEROMETER,
            Table::StepTrainerLanding | Table::StepTrainerTrusted => &STEP_TRAINER,
            Table::MachineLearningCurated => &MACHINE_LEARNING,
        }
    }

    /// The Arrow schema. Every column is nullable, as in Glue.
    pub fn arrow_schema(self) -> SchemaRef {
        let fields: Vec<Field> = self
            .columns()
            .iter()
            .map(|column| {
                let ty = match column.ty {
                    ColumnType::String => DataType::Utf8,
                    ColumnType::Bigint => DataType::Int64,
                    ColumnType::Int => DataType::Int32,
                    ColumnType::Double => DataType::Float64,
                };
                Field::new(column.name, ty, true)
            })
            .collect();
        Arc::new(Schema::new(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_the_columns_they_say() {
        let name = |columns: &[Column], at: usize| columns[at].name;
        assert_eq!(name(&CUSTOMER, customer::EMAIL), "email");
        assert_eq!(name(&CUSTOMER, customer::SERIALNUMBER), "serialnumber");
        assert_eq!(name(&CUSTOMER, customer::LASTUPDATEDATE), "lastupdatedate");
        assert_eq!(name(&CUSTOMER, customer::SHAREWITHRESEARCHASOFDATE), "sharewithresearchasofdate");
        assert_eq!(customer::TEXTS + customer::TIMES, CUSTOMER.len());
        assert!(CUSTOMER[..customer::TEXTS].iter().all(|c| c.ty == Text));
        assert!(CUSTOMER[customer::TEXTS..].iter().all(|c| c.ty == Bigint));
        assert_eq!(name(&ACCELEROMETER, accelerometer::USER), "user");
        assert_eq!(name(&ACCELEROMETER, accelerometer::TIMESTAMP), "timestamp");
        assert_eq!(name(&ACCELEROMETER, accelerometer::X), "x");
        assert_eq!(name(&STEP_TRAINER, step_trainer::SENSORREADINGTIME), "sensorreadingtime");
        assert_eq!(name(&STEP_TRAINER, step_trainer::SERIALNUMBER), "serialnumber");
        assert_eq!(name(&STEP_TRAINER, step_trainer::DISTANCEFROMOBJECT), "distancefromobject");
    }

    #[test]
    fn every_column_is_described() {
        for column in Table::ALL.into_iter().flat_map(Table::columns) {
            assert!(!column.meaning.is_empty(), "{}", column.name);
        }
        assert_eq!(MACHINE_LEARNING[machine_learning::SUBJECT].name, "subject");
        assert_eq!(MACHINE_LEARNING[machine_learning::SENSORREADINGTIME].name, "sensorreadingtime");
        assert_eq!(MACHINE_LEARNING[machine_learning::DISTANCEFROMOBJECT].name, "distancefromobject");
        assert_eq!(MACHINE_LEARNING[machine_learning::X].name, "x");
    }

    #[test]
    fn names_lead_back_to_their_tables() {
        for table in Table::ALL {
            assert_eq!(Table::from_name(table.name()), Some(table));
            assert_eq!(serde_json::to_value(table).unwrap().as_str(), Some(table.name()));
        }
    }
}
