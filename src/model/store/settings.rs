//! Settings for hub and cache, from the same environment variables as Python's `huggingface_hub` reads.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use super::StoreError;

const PUBLIC_HUB: &str = "https://huggingface.co";
/// A connection on which nothing arrives for this long is closed and opened again.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Where hub and cache are, and how to connect.
#[derive(Clone)]
pub struct HubSettings {
    /// The folder of `models--owner--name` folders.
    pub cache: PathBuf,
    /// Address of the hub, without a slash at the end.
    pub endpoint: String,
    /// Access token of the user's account on the hub.
    pub token: Option<String>,
    /// If the network must not be used: the reason, for messages.
    pub offline: Option<&'static str>,
    /// How long to wait for bytes on a connection.
    pub timeout: Duration,
}

impl HubSettings {
    /// Reads `HF_HOME`, `HF_HUB_CACHE`, `HF_ENDPOINT`, `HF_TOKEN`, `HF_TOKEN_PATH`, `HF_HUB_OFFLINE` and
    /// `HF_HUB_DOWNLOAD_TIMEOUT`; `offline` is the flag of the command line.
    ///
    /// # Errors
    /// When a variable has an invalid value, or there is no home folder.
    pub fn from_environment(offline: bool) -> Result<Self, StoreError> {
        let bad = |variable, reason: &str| StoreError::Setting { variable, reason: reason.into() };
        let home = match path("HF_HOME") {
            Some(home) => home,
            None => path("XDG_CACHE_HOME")
                .or_else(|| dirs::home_dir().map(|home| home.join(".cache")))
                .ok_or_else(|| bad("HF_HOME", "is not set, and there is no home folder to use in its place"))?
                .join("huggingface"),
        };
        let cache = std::path::absolute(path("HF_HUB_CACHE").unwrap_or_else(|| home.join("hub")))
            .map_err(|error| bad("HF_HUB_CACHE", &format!("is no usable path: {error}")))?;
        let endpoint = text("HF_ENDPOINT").unwrap_or_else(|| PUBLIC_HUB.into());
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        let address = endpoint.parse::<ureq::http::Uri>().ok();
        if !address.is_some_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some()
                && uri.query().is_none()
        }) {
            return Err(bad("HF_ENDPOINT", "is no address; it should look like https://hub.example.org"));
        }
        let token = text("HF_TOKEN").or_else(|| {
            let file = path("HF_TOKEN_PATH").unwrap_or_else(|| home.join("token"));
            let token = std::fs::read_to_string(file).ok()?.trim().to_owned();
            (!token.is_empty()).then_some(token)
        });
        if token.as_ref().is_some_and(|token| !token.chars().all(|c| c.is_ascii_graphic())) {
            return Err(bad(
                "HF_TOKEN",
                "or the token file has characters that no token can have; set it again",
            ));
        }
        let timeout = match text("HF_HUB_DOWNLOAD_TIMEOUT") {
            None => DEFAULT_TIMEOUT,
            Some(seconds) => match seconds.parse() {
                Ok(seconds @ 1..=3600) => Duration::from_secs(seconds),
                _ => return Err(bad("HF_HUB_DOWNLOAD_TIMEOUT", "is no number of seconds from 1 to 3600")),
            },
        };
        let by_variable = text("HF_HUB_OFFLINE")
            .is_some_and(|value| matches!(value.to_ascii_uppercase().as_str(), "1" | "ON" | "YES" | "TRUE"));
        let offline = match (offline, by_variable) {
            (true, _) => Some("--offline keeps this run off the network"),
            (_, true) => Some("HF_HUB_OFFLINE keeps this run off the network"),
            _ => None,
        };
        Ok(Self { cache, endpoint, token, offline, timeout })
    }
}

/// The value of a variable without white space around it; none if it is empty.
fn text(variable: &str) -> Option<String> {
    env::var(variable).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The value of a variable as a path; none if it is empty.
fn path(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
