//! What the settings of the function say about its log ([log format], [log level]).
//!
//! [log format]: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
//! [log level]: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html

use std::env;

use mcp_core::log::Form;
use tracing::level_filters::LevelFilter;

/// What a line of the log looks like, and which there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LogSettings {
    pub(crate) form: Form,
    pub(crate) least: LevelFilter,
}

impl LogSettings {
    pub(crate) fn of_environment() -> Self {
        Self::with(|name| env::var(name).ok())
    }

    /// Lambda sets both variables, so a word that is not known is a newer one of its own and no mistake
    /// of the author's.
    fn with(read: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name: &str| read(name).unwrap_or_default().to_ascii_uppercase();
        let form = if read("AWS_LAMBDA_LOG_FORMAT") == "JSON" {
            Form::Json
        } else {
            Form::Text
        };
        let least = match read("AWS_LAMBDA_LOG_LEVEL").as_str() {
            "TRACE" => LevelFilter::TRACE,
            "DEBUG" => LevelFilter::DEBUG,
            "WARN" => LevelFilter::WARN,
            // Nothing is logged that is worse than an error.
            "ERROR" | "FATAL" => LevelFilter::ERROR,
            _ => LevelFilter::INFO,
        };
        Self { form, least }
    }

    /// Says what the settings take away: with JSON, Lambda drops each line below the level, and lines
    /// without a level count as `INFO`.
    pub(crate) fn warn(self) {
        if self.form == Form::Json && self.least < LevelFilter::INFO {
            let text = "audit records and metrics on standard output are lines of level INFO, and the log \
                        level of the function drops them; set it to INFO or give the server a sink of \
                        its own";
            if self.least == LevelFilter::WARN {
                tracing::warn!("{text}");
            } else {
                tracing::error!("{text}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_the_function_are_honoured() {
        let with = |form: &str, level: &str| {
            let settings = LogSettings::with(|name| match name {
                "AWS_LAMBDA_LOG_FORMAT" => Some(form.to_owned()),
                "AWS_LAMBDA_LOG_LEVEL" => Some(level.to_owned()),
                _ => None,
            });
            (settings.form, settings.least)
        };
        assert_eq!(with("Text", ""), (Form::Text, LevelFilter::INFO));
        assert_eq!(with("JSON", "INFO"), (Form::Json, LevelFilter::INFO));
        assert_eq!(with("json", "debug"), (Form::Json, LevelFilter::DEBUG));
        assert_eq!(with("JSON", "TRACE"), (Form::Json, LevelFilter::TRACE));
        assert_eq!(with("JSON", "WARN"), (Form::Json, LevelFilter::WARN));
        assert_eq!(with("JSON", "FATAL"), (Form::Json, LevelFilter::ERROR));
        assert_eq!(with("XML", "LOUD"), (Form::Text, LevelFilter::INFO));
        let none = LogSettings::with(|_| None);
        assert_eq!((none.form, none.least), (Form::Text, LevelFilter::INFO));
    }
}
