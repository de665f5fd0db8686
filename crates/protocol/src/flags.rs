//! Words of single bits, declared once and by name.

/// Declares a word whose bits have names: `name = bit number;`, one reader for each.
macro_rules! flags {
    ($(#[$about:meta])* $name:ident: $word:ty { $($(#[$doc:meta])* $bit:ident = $at:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $name(pub $word);

        impl $name {
            $(
                $(#[$doc])*
                #[must_use]
                pub const fn $bit(self) -> bool {
                    self.0 >> $at & 1 != 0
                }
            )+
        }
    };
}

pub(crate) use flags;
