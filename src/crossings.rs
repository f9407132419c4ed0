//! What crosses the boundary to JS as a value: what it is called there, and what it is here. `src/wasm/js.rs` makes
//! types of the names, by which the declarations of the built module say what is given and taken; `src/bindings.rs`
//! declares them in `www/shared/core.d.ts`.

/// Calls a macro with all of it.
macro_rules! crossings {
    ($with:ident) => {
        $with! {
            // Taken.
            Landing: crate::schema::Landing,
            TableName: crate::schema::Table,
            Options: crate::options::Options,
            KeyOrigin: crate::options::KeyOrigin,
            Export: crate::export::Export,
            // Given of inputs.
            Recognition: crate::views::DetectionView,
            DetectedFile: crate::views::DetectedFile,
            ArchiveEntries: Vec<crate::views::EntryView<'_>>,
            Originals: Vec<Option<&str>>,
            Peek: crate::views::PeekView<'_>,
            SampleFile: crate::views::SampleFile<'_>,
            // Of a run.
            Counts: std::collections::BTreeMap<crate::schema::Table, crate::report::TableReport>,
            Jobs: Vec<crate::views::JobView>,
            JobDone: crate::views::JobResultView<'_>,
            TableFile: crate::views::OutputView<'_>,
            Rejects: Vec<crate::views::RejectView<'_>>,
            UnmatchedEntries: Vec<&crate::views::ListedWithdrawal>,
            UnknownFields: Vec<crate::views::UnknownField<'_>>,
            TimeRanges: crate::report::TimeRanges,
            // Of what is shown and exported.
            TableSchemas: Vec<crate::views::TableView>,
            SubjectQuality: crate::report::SubjectQuality,
            Tree: crate::views::TreeView,
            TextFiles: Vec<(String, String)>,
            // Of a lake.
            LakeFiles: Vec<crate::lake::views::LakeFileView<'_>>,
            LakeParts: Vec<crate::lake::views::LakePart<'_>>,
            LakePerson: crate::lake::views::PersonView,
            Matches: Vec<&(String, &str)>,
            // Of the SQL console.
            TableNames: Vec<crate::schema::Table>,
            SqlDone: crate::views::SqlDone,
            SqlPlace: crate::views::SqlPlace,
            TextRows: Vec<Vec<Option<String>>>,
        }
    };
}

pub(crate) use crossings;
