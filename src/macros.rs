//! Implementations that several types share.

/// `Debug` that shows the type's name and nothing of its value.
macro_rules! redacted_debug {
    ($($type:ident $(<$lifetime:lifetime>)?),+) => {$(
        impl core::fmt::Debug for $type $(<$lifetime>)? {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($type), "([REDACTED])"))
            }
        }
    )+};
}

/// What `as_str` gives and `FromStr` takes, as `Display` and, with feature `serde`, in every format.
macro_rules! as_text {
    ($type:ident) => {
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        /// As its text.
        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        /// As strict as `FromStr`.
        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::unquoted::string(deserializer, core::str::FromStr::from_str)
            }
        }
    };
}

/// The name of each value of an enum, as text, and the error of `FromStr`.
macro_rules! names {
    ($type:ident { $($variant:ident = $name:literal),+ }, $error:ident: $message:literal) => {
        impl $type {
            /// The name in lower case, for a path, a label or a configuration:
            #[doc = concat!($("`", $name, "` "),+)]
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        /// Takes exactly what `as_str` gives.
        impl core::str::FromStr for $type {
            type Err = $error;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                match name {
                    $($name => Ok(Self::$variant),)+
                    _ => Err($error),
                }
            }
        }

        as_text!($type);

        #[doc = concat!("The string is not the name of a [`", stringify!($type), "`].")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        #[expect(clippy::exhaustive_structs, reason = "there is nothing to add")]
        pub struct $error;
    };
}
