//! Sends requests to the hub, and turns refusals into errors that say what to do.
//!
//! A **listing** is the hub's answer about a model: its commit, licence, and files with sizes and hashes.
//!
//! The `hf-hub` crate builds the requests: it knows the addresses and sends the token, but not to hosts that a file is
//! redirected to. Its download function is not used. It appends the whole file to a partial one if a server ignores the
//! requested range, checks no hash, waits for ever on a silent connection, and ignores the server's `Retry-After` (see
//! `transfer`).

use std::time::Duration;

use hf_hub::api::sync::{Api, ApiBuilder};
use serde::Deserialize;
use ureq::http::{HeaderMap, Response, StatusCode};
use ureq::{Body, RequestBuilder, typestate::WithoutBody};

use super::StoreError;
use super::choose::choose_files;
use super::hub_model::{HubModel, is_commit};
use super::settings::HubSettings;
use crate::model::digest::Hash;

/// A client of the hub.
pub(super) struct Hub {
    api: Api,
    endpoint: String,
    has_token: bool,
    timeout: Duration,
}

/// What the hub states about a model at its revision.
#[derive(Debug)]
pub struct Listing {
    /// Full hash of the commit.
    pub commit: String,
    /// Licence, if the model's page states one.
    pub licence: Option<String>,
    /// The files that make up the model.
    pub files: Vec<HubFile>,
}

/// A file of the hub, with the size and hash that the hub states.
#[derive(Debug, Clone)]
pub struct HubFile {
    /// Its name in the repository.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its hash.
    pub hash: Hash,
}

/// A request that failed, and whether to try it again.
#[derive(Debug)]
pub(super) struct FailedRequest {
    /// The error to report if it is not tried again.
    pub error: StoreError,
    /// Whether to try again.
    pub retry: Retry,
}

/// Whether and when to try a request again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retry {
    /// Trying again cannot help.
    Never,
    /// After a short pause.
    Soon,
    /// After the pause that the server asked for.
    After(Duration),
}

impl From<StoreError> for FailedRequest {
    fn from(error: StoreError) -> Self {
        Self { error, retry: Retry::Never }
    }
}

/// The hub's answer about a model, in its own names.
#[derive(Deserialize)]
struct Info {
    sha: Option<String>,
    #[serde(default)]
    siblings: Vec<Sibling>,
    #[serde(default)]
    tags: Vec<String>,
}

/// A file in the hub's answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

/// What the hub states about a file in large file storage.
#[derive(Deserialize)]
struct Lfs {
    sha256: String,
}

impl Hub {
    /// A client with the given settings.
    ///
    /// # Errors
    /// When the client cannot be built from them.
    pub fn new(settings: &HubSettings) -> Result<Self, StoreError> {
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
            timeout: settings.timeout,
        })
    }

    /// Requests the listing of a model at its revision, with only the files that make up the model.
    ///
    /// # Errors
    /// When the hub cannot be reached, refuses, or its answer is invalid or lists no model that can be read.
    pub fn listing(&self, model: &HubModel) -> Result<Listing, FailedRequest> {
        let repo = model.repo_at(model.revision());
        let url = format!("{}/api/{}", self.endpoint, repo.api_url());
        let request = self.api.repo(repo).info_request().query("blobs", "true");
        let mut response = self.send(request, model, &url)?;
        let info: Info = response.body_mut().read_json().map_err(|error| match error {
            ureq::Error::Json(_) => {
                StoreError::hub(&url, "the answer does not describe a model; check HF_ENDPOINT").into()
            }
            other => unreachable_hub(&url, &other),
        })?;
        let commit = info
            .sha
            .filter(|sha| is_commit(sha))
            .ok_or_else(|| StoreError::hub(&url, "the answer names no commit; check HF_ENDPOINT"))?;
        let licence = info.tags.iter().find_map(|tag| tag.strip_prefix("license:")).map(String::from);
        let chosen =
            choose_files(info.siblings.iter().map(|file| file.rfilename.as_str()), &model.to_string())?;
        let named = |name: &&str| info.siblings.iter().find(|file| file.rfilename == *name);
        let files =
            chosen.iter().filter_map(named).map(|file| file.describe(&url)).collect::<Result<_, _>>()?;
        Ok(Listing { commit, licence, files })
    }

    /// The address of a file at a commit.
    pub fn url(&self, model: &HubModel, commit: &str, name: &str) -> String {
        self.api.repo(model.repo_at(commit)).url(name)
    }

    /// Requests a file from byte `from` on. The server may still send the whole file.
    ///
    /// # Errors
    /// When the hub cannot be reached or refuses.
    pub fn open(
        &self,
        model: &HubModel,
        commit: &str,
        name: &str,
        from: u64,
    ) -> Result<Response<Body>, FailedRequest> {
        let url = self.url(model, commit, name);
        // The crate builds no request for a file, so the request for the model's page gets the file's address.
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

    /// Sends a request; a status other than success is an error.
    fn send(
        &self,
        request: RequestBuilder<WithoutBody>,
        model: &HubModel,
        url: &str,
    ) -> Result<Response<Body>, FailedRequest> {
        let response = request
            .config()
            .http_status_as_error(false)
            .timeout_connect(Some(self.timeout))
            .timeout_per_read(Some(self.timeout))
            .build()
            .call()
            .map_err(|error| unreachable_hub(url, &error))?;
        match response.status() {
            status if status.is_success() => Ok(response),
            status => Err(self.refusal(status, response.headers(), model, url)),
        }
    }

    /// The error for a status of the hub's answer.
    fn refusal(&self, status: StatusCode, headers: &HeaderMap, model: &HubModel, url: &str) -> FailedRequest {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let message =
            header("x-error-message").map(|message| format!(" (it says: {message})")).unwrap_or_default();
        let page = format!("{}/{}", self.endpoint, model.repository());
        let (reason, retry) = match status.as_u16() {
            401 if self.has_token => (
                format!(
                    "the hub does not accept this token, or {model} does not exist{message}; check the name, then set HF_TOKEN to a valid token"
                ),
                Retry::Never,
            ),
            401 => (
                format!(
                    "{model} does not exist, or is private or gated{message}; check the name, or set HF_TOKEN to the token of an account that may read it"
                ),
                Retry::Never,
            ),
            403 => (
                format!(
                    "this account may not read {model}{message}; accept its conditions at {page}, or use another HF_TOKEN"
                ),
                Retry::Never,
            ),
            404 => (
                format!(
                    "there is no {model} at this revision{message}; check owner, name and revision at {page}"
                ),
                Retry::Never,
            ),
            429 => {
                let seconds = header("retry-after").and_then(|value| value.trim().parse().ok());
                let when =
                    seconds.map_or("in a few minutes".into(), |seconds| format!("after {seconds} seconds"));
                let retry = seconds.map_or(Retry::Soon, |seconds| Retry::After(Duration::from_secs(seconds)));
                (format!("the hub was asked too often{message}; pull again {when}, or set HF_TOKEN"), retry)
            }
            408 | 500..=599 => (
                format!("the hub is in trouble: {status}{message}; pull again later, it goes on from there"),
                Retry::Soon,
            ),
            _ => (format!("the hub answered {status}{message}; check HF_ENDPOINT"), Retry::Never),
        };
        FailedRequest { error: StoreError::hub(url, reason), retry }
    }
}

impl Sibling {
    /// The file with its hash, which must have the form that its storage uses.
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

/// The error for a failure of the connection. It is tried again, unless the address is invalid.
pub(super) fn unreachable_hub(url: &str, error: &ureq::Error) -> FailedRequest {
    let retry = match error {
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::ConnectionFailed
        | ureq::Error::Protocol(_) => Retry::Soon,
        _ => Retry::Never,
    };
    let reason = format!(
        "cannot be read ({error}); check the connection, HF_ENDPOINT and the proxy, and pull again: what was fetched \
         is kept, and the pull goes on from there"
    );
    FailedRequest { error: StoreError::hub(url, reason), retry }
}
