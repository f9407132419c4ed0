//! The fast path: templates, then any order of the table's own fields. It reads a
//! record exactly as the general decoder would, or leaves it to it.

use super::any_order;
use super::row::{FastRow, Values};
use super::template::Template;
use crate::ingest::decoded::Decoded;
use crate::schema::Column;

/// Templates that are tried on a record before the general decoder.
const TEMPLATES: usize = 4;

/// What a template costs to learn, in records that it must read to earn it.
const PRICE: u32 = 16;
/// What may be spent on the first templates, and saved.
const CREDIT: u32 = 32 * PRICE;

/// The templates of a file's records, and the values of the last one.
pub(in crate::ingest) struct FastPath {
    /// The one that fitted last comes first.
    templates: Vec<Template>,
    credit: u32,
    values: Values,
}

impl Default for FastPath {
    fn default() -> FastPath {
        FastPath { templates: Vec::new(), credit: CREDIT, values: Values::default() }
    }
}

/// A record that the fast path has read.
pub(in crate::ingest) struct Fitted<'a> {
    pub(in crate::ingest) row: FastRow<'a>,
    pub(in crate::ingest) length: usize,
    pub(in crate::ingest) newlines: u64,
}

/// Whether the first template has read the row before, and the same sink has taken
/// it. A template knows that a text repeats the one of its own last row; only after
/// such a row is that the text which the sink has just seen, and may take for known.
///
/// So the decoder makes a new one whenever it is handed a sink, and tries every
/// record by [`FastPath::read`] first: whatever does not fit there resets it.
#[derive(Default)]
pub(in crate::ingest) struct RowBefore(bool);

impl FastPath {
    /// Reads the record at the start of `input` if it fits a known template.
    #[inline]
    pub(in crate::ingest) fn read<'a>(
        &'a mut self,
        input: &'a [u8],
        before: &mut RowBefore,
    ) -> Option<Fitted<'a>> {
        let values = &mut self.values;
        let mut found = None;
        for (at, template) in self.templates.iter_mut().enumerate() {
            if let Some(length) = template.read(input, values) {
                found = Some((at, length));
                break;
            }
        }
        let Some((at, length)) = found else {
            before.0 = false;
            return None;
        };
        if at > 0 || !before.0 {
            // Its last text is of an earlier row than the one before.
            self.values.repeats = 0;
            self.templates.swap(0, at);
            before.0 = true;
        }
        let template = &mut self.templates[0];
        template.hits += 1;
        self.credit = (self.credit + 1).min(CREDIT);
        let row = FastRow::new(input, template.present, &self.values);
        Some(Fitted { row, length, newlines: template.newlines })
    }

    /// Reads the record at the start of `input`, which fits no template, if its
    /// fields are those of the table, in whatever order and spacing, with plain
    /// values.
    pub(in crate::ingest) fn read_any_order<'a>(
        &'a mut self,
        input: &'a [u8],
        columns: &[Column],
        before: &mut RowBefore,
    ) -> Option<Fitted<'a>> {
        before.0 = false;
        (self.values.repeats, self.values.decoded) = (0, 0);
        let (length, newlines) = any_order::read(input, columns, &mut self.values)?;
        let present = (1 << columns.len()) - 1;
        Some(Fitted { row: FastRow::new(input, present, &self.values), length, newlines })
    }

    /// Learns the template of an accepted record, unless records have no template in
    /// common: then learning would cost more than it saves.
    pub(in crate::ingest) fn learn(&mut self, record: &[u8], columns: &[Column], decoded: &mut Decoded) {
        let Some(credit) = self.credit.checked_sub(PRICE) else {
            return;
        };
        self.credit = credit;
        if let Some(template) = Template::learn(record, columns) {
            if self.templates.len() == TEMPLATES
                && let Some(last) = self.templates.pop()
            {
                last.count_unknown(decoded);
            }
            self.templates.insert(0, template);
        }
    }

    /// Counts the unknown fields of the records that the templates have read.
    pub(in crate::ingest) fn count_unknown(&mut self, decoded: &mut Decoded) {
        self.templates.drain(..).for_each(|template| template.count_unknown(decoded));
    }
}
