//! How far a call has come.

/// How far a call has come, for [`Context::progress`](crate::Context::progress).
///
/// Any number counts, such as a `u32`, an `f64` or the `len()` of a list.
///
/// ```
/// use mcp_core::{Context, Progress};
///
/// let half = Progress::new(2).of(4).message("copied page 2");
/// Context::for_tests().progress(half);
/// ```
#[derive(Clone, Debug)]
pub struct Progress {
    pub(super) done: f64,
    pub(super) total: Option<f64>,
    pub(super) message: Option<String>,
}

/// A number that [`Progress`] can be counted in: every primitive number is one. Example: [`Progress`].
pub trait Amount: private::Sealed {
    /// The number as the protocol sends it. Beyond 2^53 the nearest one.
    fn to_f64(self) -> f64;
}

mod private {
    pub trait Sealed: Copy {}
}

macro_rules! amounts {
    ($($number:ty),*) => {$(
        impl private::Sealed for $number {}

        impl Amount for $number {
            #[allow(clippy::cast_lossless, clippy::cast_precision_loss)] // as its docs say
            fn to_f64(self) -> f64 {
                self as f64
            }
        }
    )*};
}

amounts!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f32, f64);

impl Progress {
    /// So much is done, in a unit of your choice. Example: [`Progress`].
    pub fn new(done: impl Amount) -> Self {
        Self {
            done: done.to_f64(),
            total: None,
            message: None,
        }
    }

    /// Out of so much in all, in the same unit. Left out when it is not finite. Example:
    /// [`Progress`].
    pub fn of(mut self, total: impl Amount) -> Self {
        self.total = Some(total.to_f64());
        self
    }

    /// What is being done, for a person. Clients of revision 2024-11-05 do not get it, since it
    /// came with 2025-03-26. Example: [`Progress`].
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}
