//! 図表42 as data.

use model::{Bus, InformationClass, Medium, Method, Technique, reach};
use serde::Deserialize;

const BUILTIN: &str = include_str!("builtin.toml");

/// The rule table: for every class and medium, what is allowed and in which order it is preferred.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The version that every record cites.
    pub version: String,
    /// Rulings that an organisation may turn on.
    pub switches: Switches,
    /// How much is read back after a drive's own command.
    #[serde(default)]
    pub read_back: ReadBack,
    /// One cell per class and medium.
    #[serde(rename = "cell")]
    pub cells: Vec<Cell>,
}

/// Rulings that are off unless an organisation turns them on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switches {
    /// Counts commands that fit 図表41's definition of 除去 though 図表42 does not list them.
    pub purge_by_definition: bool,
}

/// How much is read back after a drive's own command. An overwrite by the host is always read back whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBack {
    /// On rotating disks.
    pub hdd: Amount,
    /// On everything else.
    pub ssd: Amount,
}

/// An amount of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Amount {
    /// Every block.
    #[default]
    Full,
    /// At least a tenth, by the sampling plan of NIST SP 800-88r1.
    Sampled,
}

/// One cell of 図表42.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The row.
    pub class: InformationClass,
    /// The column.
    pub medium: Medium,
    /// What is allowed beside 破壊, in order of preference; empty where only 破壊 is.
    pub allow: Vec<Allowed>,
}

/// One technique that counts as a method in one cell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// The method that it reaches here.
    pub method: Method,
    /// The technique.
    pub technique: Technique,
    /// The least number of passes; only for overwrites by the host.
    pub passes: Option<u8>,
    /// Where the rule comes from.
    pub source: Source,
    /// The switch that must be on.
    pub only_if: Option<SwitchName>,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Literal in the guideline's text.
    Guideline,
    /// Decided where the text is silent.
    Ruling,
}

/// The name of a switch, as `only_if` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchName {
    /// [`Switches::purge_by_definition`]
    PurgeByDefinition,
}

/// Which table a plan was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableOrigin {
    /// The one in the program.
    Builtin,
    /// An organisation's own file, no looser than the one in the program.
    Custom,
    /// An organisation's own file that its key has signed; it may be looser.
    Signed,
}

/// Why a policy file cannot be used. None of it is guessed at: massho stops instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Not TOML, an unknown key, a missing one, or a word that does not exist.
    #[error("{message} (line {line})")]
    Syntax {
        /// What the reader says, in one line.
        message: String,
        /// The line, from 1; 0 if unknown.
        line: usize,
    },
    /// A class and medium stands twice.
    #[error("class ({class}) and {medium:?} stand twice", class = class.number())]
    Twice {
        /// The row.
        class: InformationClass,
        /// The column.
        medium: Medium,
    },
    /// A class and medium is missing.
    #[error("class ({class}) and {medium:?} are missing", class = class.number())]
    Missing {
        /// The row.
        class: InformationClass,
        /// The column.
        medium: Medium,
    },
    /// A technique is said to reach a method that it never reaches, on this medium or on any.
    #[error("{technique} never reaches {method:?} on {medium:?}")]
    Overstated {
        /// The technique.
        technique: Technique,
        /// The method that the file claims.
        method: Method,
        /// The medium.
        medium: Medium,
    },
    /// A random overwrite with no passes, or with more than 9.
    #[error("{technique} needs passes from 1 to 9, and nothing else takes passes")]
    Passes {
        /// The technique.
        technique: Technique,
    },
    /// Fewer passes than any 消去 has (図表42), whoever signs: no record of such an overwrite would verify.
    #[error("a random overwrite of {medium:?} needs at least {needed} passes")]
    NoErase {
        /// The medium.
        medium: Medium,
        /// How many passes.
        needed: u8,
    },
    /// Less is read back than by the table in the program: that needs the organisation's signature.
    #[error("less is read back than by the built-in table")]
    LessReadBack,
    /// Looser than the table in the program: that needs the organisation's signature.
    #[error("looser than the built-in table at class ({class}), {medium:?}: {technique}", class = class.number())]
    Looser {
        /// The row.
        class: InformationClass,
        /// The column.
        medium: Medium,
        /// The technique that the built-in table does not allow there, or with fewer passes.
        technique: Technique,
    },
}

impl Table {
    /// The table in the program.
    ///
    /// # Errors
    /// None in a build whose tests pass: the file is part of the program, and a test reads it.
    pub fn builtin() -> Result<Self, TableError> {
        Self::from_toml(BUILTIN)
    }

    /// Reads a table and checks that it is whole and claims nothing that a technique cannot reach.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn from_toml(text: &str) -> Result<Self, TableError> {
        let table: Self = toml::from_str(text).map_err(|error| syntax(text, &error))?;
        table.check_cells()?;
        for cell in &table.cells {
            for allowed in &cell.allow {
                check_allowed(cell.medium, allowed)?;
            }
        }
        Ok(table)
    }

    /// Reads an organisation's own table, which may be stricter than the built-in one, not looser.
    ///
    /// # Errors
    /// As [`Table::from_toml`], [`TableError::LessReadBack`] and [`TableError::Looser`].
    pub fn custom(text: &str) -> Result<Self, TableError> {
        let (table, builtin) = (Self::from_toml(text)?, Self::builtin()?);
        let less = |own: Amount, builtin: Amount| own == Amount::Sampled && builtin == Amount::Full;
        if less(table.read_back.hdd, builtin.read_back.hdd)
            || less(table.read_back.ssd, builtin.read_back.ssd)
        {
            return Err(TableError::LessReadBack);
        }
        for cell in &table.cells {
            for allowed in table.allowed(cell.class, cell.medium) {
                let known = builtin.allowed(cell.class, cell.medium).any(|known| {
                    known.technique == allowed.technique
                        && known.method >= allowed.method
                        && known.passes.unwrap_or(0) <= allowed.passes.unwrap_or(0)
                });
                if !known {
                    let (class, medium, technique) = (cell.class, cell.medium, allowed.technique);
                    return Err(TableError::Looser { class, medium, technique });
                }
            }
        }
        Ok(table)
    }

    /// Reads an organisation's own table that its key has signed: it may be looser than the built-in one, as far as what
    /// is called 消去 or 除去 still is.
    ///
    /// # Errors
    /// As [`Table::from_toml`], and [`TableError::NoErase`].
    pub fn signed(text: &str) -> Result<Self, TableError> {
        let table = Self::from_toml(text)?;
        for cell in &table.cells {
            let needed = if cell.medium == Medium::Hdd { 1 } else { 2 };
            if cell.allow.iter().any(|allowed| allowed.passes.is_some_and(|passes| passes < needed)) {
                return Err(TableError::NoErase { medium: cell.medium, needed });
            }
        }
        Ok(table)
    }

    /// Whether this table is looser than the one in the program.
    #[must_use]
    pub fn is_looser(text: &str) -> bool {
        matches!(Self::custom(text), Err(TableError::Looser { .. } | TableError::LessReadBack))
    }

    /// What is allowed in one cell with the switches as they are, in order of preference.
    pub fn allowed(&self, class: InformationClass, medium: Medium) -> impl Iterator<Item = &Allowed> {
        self.cells
            .iter()
            .filter(move |cell| cell.class == class && cell.medium == medium)
            .flat_map(|cell| &cell.allow)
            .filter(|allowed| self.is_on(allowed))
    }

    fn is_on(&self, allowed: &Allowed) -> bool {
        match allowed.only_if {
            None => true,
            Some(SwitchName::PurgeByDefinition) => self.switches.purge_by_definition,
        }
    }

    fn check_cells(&self) -> Result<(), TableError> {
        for class in InformationClass::ALL {
            for medium in [Medium::Hdd, Medium::Ssd, Medium::UsbStick, Medium::Optical] {
                match self.cells.iter().filter(|cell| cell.class == class && cell.medium == medium).count() {
                    0 => return Err(TableError::Missing { class, medium }),
                    1 => {}
                    _ => return Err(TableError::Twice { class, medium }),
                }
            }
        }
        Ok(())
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> TableError {
    let line = error
        .span()
        .map_or(0, |span| 1 + text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count());
    TableError::Syntax { message: error.message().lines().next().unwrap_or_default().to_owned(), line }
}

fn check_allowed(medium: Medium, allowed: &Allowed) -> Result<(), TableError> {
    let technique = allowed.technique;
    if reach(technique, medium, Bus::Other).is_none_or(|most| allowed.method > most) {
        return Err(TableError::Overstated { technique, method: allowed.method, medium });
    }
    let good = match technique {
        Technique::RandomOverwrite => allowed.passes.is_some_and(|passes| (1..=9).contains(&passes)),
        _ => allowed.passes.is_none(),
    };
    if good { Ok(()) } else { Err(TableError::Passes { technique }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(from: &str, to: &str) -> Result<Table, TableError> {
        let text = BUILTIN.replacen(from, to, 1);
        assert_ne!(text, BUILTIN, "{from:?} is not in the table");
        Table::custom(&text)
    }

    #[test]
    fn the_builtin_table_is_whole_and_no_looser_than_itself() {
        assert_eq!(Table::builtin().unwrap().version, "R8.3改定案 2026-03-16");
        assert_eq!(Table::custom(BUILTIN), Table::builtin());
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = with("version =", "colour = 1\nversion =").unwrap_err();
        let TableError::Syntax { message, line } = error else { panic!("{error:?}") };
        assert!(message.contains("colour"), "{message}");
        assert_eq!(line, BUILTIN.lines().position(|line| line.starts_with("version")).unwrap() + 1);
    }

    #[test]
    fn a_typo_in_a_technique_is_refused() {
        assert!(matches!(
            with("\"random-overwrite\"", "\"random-overwite\""),
            Err(TableError::Syntax { .. })
        ));
    }

    #[test]
    fn overwrite_called_purge_is_refused() {
        let error = with(
            "{ method = \"clear\", technique = \"random-overwrite\", passes = 1,",
            "{ method = \"purge\", technique = \"random-overwrite\", passes = 1,",
        );
        assert!(matches!(error, Err(TableError::Overstated { .. })), "{error:?}");
    }

    #[test]
    fn security_erase_called_purge_on_flash_is_refused() {
        let error = with(
            "{ method = \"clear\", technique = \"ata-security-erase-normal\"",
            "{ method = \"purge\", technique = \"ata-security-erase-enhanced\"",
        );
        assert!(matches!(error, Err(TableError::Overstated { .. })), "{error:?}");
    }

    #[test]
    fn a_usb_stick_has_no_purge() {
        let error = with(
            "medium = \"usb-stick\"\nallow = []",
            "medium = \"usb-stick\"\nallow = [{ method = \"purge\", technique = \"nvme-sanitize-block-erase\", source = \"ruling\" }]",
        );
        assert!(matches!(error, Err(TableError::Overstated { .. })), "{error:?}");
    }

    #[test]
    fn one_pass_where_two_are_asked_is_looser() {
        assert!(matches!(with("passes = 2", "passes = 1"), Err(TableError::Looser { .. })));
        assert!(with("passes = 1", "passes = 3").is_ok());
    }

    #[test]
    fn a_signed_table_may_be_looser_but_calls_nothing_an_erase_that_is_none() {
        let looser = BUILTIN
            .replace("definition = false", "definition = true")
            .replace("ssd = \"full\"", "ssd = \"sampled\"");
        assert!(Table::custom(&looser).is_err() && Table::is_looser(&looser) && !Table::is_looser(BUILTIN));
        let table = Table::signed(&looser).unwrap();
        assert!(table.switches.purge_by_definition && table.read_back.ssd == Amount::Sampled);
        let once = BUILTIN.replace("passes = 2", "passes = 1");
        assert!(matches!(Table::signed(&once), Err(TableError::NoErase { needed: 2, .. })));
        let overstated = BUILTIN.replacen(
            "{ method = \"clear\", technique = \"random-overwrite\", passes = 1,",
            "{ method = \"purge\", technique = \"random-overwrite\", passes = 1,",
            1,
        );
        assert!(matches!(Table::signed(&overstated), Err(TableError::Overstated { .. })));
    }

    #[test]
    fn no_passes_or_passes_where_none_belong_are_refused() {
        assert!(matches!(with("passes = 2", "passes = 0"), Err(TableError::Passes { .. })));
        assert!(matches!(with(" passes = 2,", ""), Err(TableError::Passes { .. })));
        assert!(matches!(
            with("technique = \"degauss\",", "technique = \"degauss\", passes = 1,"),
            Err(TableError::Passes { .. })
        ));
    }

    #[test]
    fn a_missing_and_a_doubled_cell_are_refused() {
        let optical = "[[cell]]\nclass = 1\nmedium = \"optical\"\nallow = []\n";
        assert!(matches!(with(optical, ""), Err(TableError::Missing { .. })));
        let twice = format!("{BUILTIN}\n[[cell]]\nclass = 3\nmedium = \"optical\"\nallow = []\n");
        assert!(matches!(Table::custom(&twice), Err(TableError::Twice { .. })));
    }

    #[test]
    fn the_switch_alone_adds_ata_overwrite() {
        let count = |table: &Table| table.allowed(InformationClass::Two, Medium::Hdd).count();
        let on = with("purge_by_definition = false", "purge_by_definition = true");
        assert!(matches!(on, Err(TableError::Looser { technique: Technique::AtaSanitizeOverwrite, .. })));
        let on = Table::from_toml(&BUILTIN.replace("definition = false", "definition = true")).unwrap();
        assert_eq!(count(&on), count(&Table::builtin().unwrap()) + 1);
    }

    #[test]
    fn an_organisation_may_read_more_back_but_not_less() {
        let with = |own: &str| Table::custom(&BUILTIN.replace("ssd = \"full\"", own));
        assert_eq!(with("ssd = \"sampled\""), Err(TableError::LessReadBack));
        let more = Table::custom(&BUILTIN.replace("hdd = \"sampled\"", "hdd = \"full\"")).unwrap();
        assert_eq!(more.read_back.hdd, Amount::Full);
        let silent = BUILTIN.replace("[read_back]\nhdd = \"sampled\"\nssd = \"full\"\n", "");
        assert_eq!(
            Table::custom(&silent).unwrap().read_back,
            ReadBack::default(),
            "silence is the stricter one"
        );
    }
}
