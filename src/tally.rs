//! Counts by name. The names are the field's standard terms and stand in one
//! place each.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A closed set of names to count under.
pub trait Name: Copy + Ord + 'static {
    /// All of them; a value's position is its `index`.
    const ALL: &'static [Self];
    /// As in the report.
    fn name(self) -> &'static str;
    /// For people, in few words.
    fn words(self) -> &'static str;
    /// Position in `ALL`.
    fn index(self) -> usize;
}

/// Declares an enum of names for a [`Tally`], each with what it says to people.
macro_rules! names {
    (
        $(#[$meta:meta])*
        pub enum $Enum:ident { $($(#[$doc:meta])* $Variant:ident = $name:literal, $words:literal;)+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum $Enum { $($(#[$doc])* #[serde(rename = $name)] $Variant,)+ }

        impl crate::tally::Name for $Enum {
            const ALL: &'static [Self] = &[$($Enum::$Variant,)+];
            fn name(self) -> &'static str {
                match self { $($Enum::$Variant => $name,)+ }
            }
            fn words(self) -> &'static str {
                match self { $($Enum::$Variant => $words,)+ }
            }
            fn index(self) -> usize {
                self as usize
            }
        }
    };
}
pub(crate) use names;

/// How many under each name. In JSON an object of those that are not zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally<N>(Vec<u64>, std::marker::PhantomData<N>);

impl<N: Name> Default for Tally<N> {
    fn default() -> Self {
        Tally(vec![0; N::ALL.len()], std::marker::PhantomData)
    }
}

impl<N: Name> Tally<N> {
    /// Counts `more` under a name.
    pub fn add(&mut self, name: N, more: u64) {
        self.0[name.index()] += more;
    }

    /// The count under a name.
    pub fn get(&self, name: N) -> u64 {
        self.0[name.index()]
    }

    /// Over all names.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// Takes in another's counts.
    pub fn merge(&mut self, other: &Tally<N>) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine += theirs;
        }
    }

    /// The counts that are not zero, by name.
    pub fn by_name(&self) -> BTreeMap<&'static str, u64> {
        N::ALL.iter().map(|&name| (name.name(), self.get(name))).filter(|&(_, count)| count > 0).collect()
    }
}

#[cfg(test)]
impl<N: ts_rs::TS + 'static> ts_rs::TS for Tally<N> {
    type WithoutGenerics = Tally<N>;
    type OptionInnerType = Tally<N>;

    fn name(config: &ts_rs::Config) -> String {
        format!("Partial<Record<{}, number>>", N::name(config))
    }

    fn inline(config: &ts_rs::Config) -> String {
        Self::name(config)
    }
}

impl<N: Name> Serialize for Tally<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.by_name().serialize(serializer)
    }
}

impl<'de, N: Name> Deserialize<'de> for Tally<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let counts = BTreeMap::<String, u64>::deserialize(deserializer)?;
        let mut tally = Tally::default();
        for (name, count) in counts {
            let known = N::ALL.iter().find(|known| known.name() == name);
            tally.add(*known.ok_or_else(|| serde::de::Error::custom("an unknown name"))?, count);
        }
        Ok(tally)
    }
}
