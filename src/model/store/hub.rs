//! What the hub says: which files a model has at a commit, their sizes and hashes, its licence; and why not.
//!
//! Requests are made by the hub's client crate, which knows its addresses, sends the token, and keeps it from hosts
//! that a file's address is redirected to. Its download function is not used: it appends the whole file to a partial
//! one when a server ignores the range asked for, checks no hash, waits for ever on a silent connection, and
//! drops the server's word on when to ask again (see `transfer`).

use std::time::Duration;

use hf_hub::api::sync::{Api, ApiBuilder};
use serde::Deserialize;
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::{Body, RequestBuilder, typestate::WithoutBody};

use super::StoreError;
use super::choose::choose;
use super::digest::Hash;
use super::hub_model::{HubModel, is_commit};
use super::settings::Settings;

pub(super) struct Hub {
    api: Api,
    endpoint: String,
    has_token: bool,
    patience: Duration,
}

/// A model as the hub has it now.
#[derive(Debug)]
pub struct Listing {
    pub commit: String,
    pub licence: Option<String>,
    pub files: Vec<HubFile>,
}

/// A file of the hub, and what it must be.
#[derive(Debug, Clone)]
pub struct HubFile {
    pub name: String,
    pub bytes: u64,
    pub hash: Hash,
}

/// A request that failed, and whether it is worth another.
#[derive(Debug)]
pub(super) struct Failure {
    pub error: StoreError,
    pub again: Again,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Never,
    Soon,
    After(Duration),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self { error, again: Again::Never }
    }
}

#[derive(Deserialize)]
struct Info {
    sha: Option<String>,
    #[serde(default)]
    siblings: Vec<Sibling>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    sha256: String,
}

impl Hub {
    pub fn new(settings: &Settings) -> Result<Self, StoreError> {
        let api = ApiBuilder::from_cache(hf_hub::Cache::new(settings.cache.clone()))
            .with_endpoint(settings.endpoint.clone())
            .with_token(settings.token.clone())
            .with_user_agent("wirelens", env!("CARGO_PKG_VERSION"))
            .build()
            .map_err(|error| StoreError::hub(&settings.endpoint, error.to_string()))?;
        Ok(Self {
            api,
            endpoint: settings.endpoint.clone(),
            has_token: settings.token.is_some(),
            patience: settings.patience,
        })
    }

    /// Asks what the model has at its revision; of its files, those that are needed.
    pub fn listing(&self, model: &HubModel) -> Result<Listing, Failure> {
        let repo = model.repo_at(model.revision());
        let url = format!("{}/api/{}", self.endpoint, repo.api_url());
        let request = self.api.repo(repo).info_request().query("blobs", "true");
        let mut response = self.send(request, model, &url)?;
        let info: Info = response.body_mut().read_json().map_err(|error| match error {
            ureq::Error::Json(_) => {
                StoreError::hub(&url, "the answer is not what a hub says of a model; check HF_ENDPOINT")
                    .into()
            }
            other => unreachable_hub(&url, &other),
        })?;
        let commit = info
            .sha
            .filter(|sha| is_commit(sha))
            .ok_or_else(|| StoreError::hub(&url, "the answer names no commit; check HF_ENDPOINT"))?;
        let licence = info.tags.iter().find_map(|tag| tag.strip_prefix("license:")).map(String::from);
        let chosen = choose(info.siblings.iter().map(|file| file.rfilename.as_str()), &model.to_string())?;
        let named = |name: &&str| info.siblings.iter().find(|file| file.rfilename == *name);
        let files =
            chosen.iter().filter_map(named).map(|file| file.describe(&url)).collect::<Result<_, _>>()?;
        Ok(Listing { commit, licence, files })
    }

    /// The address of a file at a commit.
    pub fn url(&self, model: &HubModel, commit: &str, name: &str) -> String {
        self.api.repo(model.repo_at(commit)).url(name)
    }

    /// Asks for a file from a byte on. The answer may still be the whole file.
    pub fn open(
        &self,
        model: &HubModel,
        commit: &str,
        name: &str,
        from: u64,
    ) -> Result<Response<Body>, Failure> {
        let url = self.url(model, commit, name);
        // The crate makes requests for its own addresses only; the one for the model's page is turned to the file.
        let mut request = self
            .api
            .repo(model.repo_at(commit))
            .info_request()
            .uri(&url)
            .header("Accept-Encoding", "identity");
        if from > 0 {
            request = request.header("Range", format!("bytes={from}-"));
        }
        self.send(request, model, &url)
    }

    fn send(
        &self,
        request: RequestBuilder<WithoutBody>,
        model: &HubModel,
        url: &str,
    ) -> Result<Response<Body>, Failure> {
        let response = request
            .config()
            .http_status_as_error(false)
            .timeout_connect(Some(self.patience))
            .timeout_per_read(Some(self.patience))
            .build()
            .call()
            .map_err(|error| unreachable_hub(url, &error))?;
        match response.status() {
            status if status.is_success() => Ok(response),
            status => Err(self.refusal(status, response.headers(), model, url)),
        }
    }

    fn refusal(&self, status: StatusCode, headers: &HeaderMap, model: &HubModel, url: &str) -> Failure {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let said =
            header("x-error-message").map(|message| format!(" (it says: {message})")).unwrap_or_default();
        let page = format!("{}/{}", self.endpoint, model.repository());
        let (reason, again) = match status.as_u16() {
            401 if self.has_token => (
                format!(
                    "the hub does not accept this token, or {model} does not exist{said}; check the name, then set HF_TOKEN anew"
                ),
                Again::Never,
            ),
            401 => (
                format!(
                    "{model} does not exist, or is private or gated{said}; check the name, or set HF_TOKEN to the token of an account that may read it"
                ),
                Again::Never,
            ),
            403 => (
                format!(
                    "this account may not read {model}{said}; accept its conditions at {page}, or use another HF_TOKEN"
                ),
                Again::Never,
            ),
            404 => (
                format!(
                    "there is no {model} at this revision{said}; check owner, name and revision at {page}"
                ),
                Again::Never,
            ),
            429 => {
                let seconds = header("retry-after").and_then(|value| value.trim().parse().ok());
                let when =
                    seconds.map_or("in a few minutes".into(), |seconds| format!("after {seconds} seconds"));
                let again = seconds.map_or(Again::Soon, |seconds| Again::After(Duration::from_secs(seconds)));
                (format!("the hub was asked too often{said}; pull again {when}, or set HF_TOKEN"), again)
            }
            408 | 500..=599 => (
                format!("the hub is in trouble: {status}{said}; pull again later, it goes on from there"),
                Again::Soon,
            ),
            _ => (format!("the hub answered {status}{said}; check HF_ENDPOINT"), Again::Never),
        };
        Failure { error: StoreError::hub(url, reason), again }
    }
}

impl Sibling {
    fn describe(&self, url: &str) -> Result<HubFile, StoreError> {
        let hash = match (&self.lfs, &self.blob_id) {
            (Some(lfs), _) => Hash::from_name(&lfs.sha256).filter(|hash| matches!(hash, Hash::Sha256(_))),
            (None, Some(id)) => Hash::from_name(id).filter(|hash| matches!(hash, Hash::Git(_))),
            (None, None) => None,
        };
        match (hash, self.size) {
            (Some(hash), Some(bytes)) => Ok(HubFile { name: self.rfilename.clone(), bytes, hash }),
            _ => Err(StoreError::hub(
                url,
                format!(
                    "the hub tells no size or hash of {}, so it could not be checked; use the public hub or a full \
                     mirror as HF_ENDPOINT",
                    self.rfilename
                ),
            )),
        }
    }
}

/// A failure of the connection, not of the hub. Worth another try, but for an address that means nothing.
pub(super) fn unreachable_hub(url: &str, error: &ureq::Error) -> Failure {
    let again = match error {
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::ConnectionFailed
        | ureq::Error::Protocol(_) => Again::Soon,
        _ => Again::Never,
    };
    let reason = format!(
        "cannot be read ({error}); check the connection, HF_ENDPOINT and the proxy, and pull again: what was fetched \
         is kept, and the pull goes on from there"
    );
    Failure { error: StoreError::hub(url, reason), again }
}
