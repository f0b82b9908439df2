//! A hub on loopback that serves one model as the public hub does, with errors on demand.

#![allow(dead_code)] // each test file uses some of it

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::json;

/// A wrong or slow answer to a request.
#[derive(Clone)]
pub enum Answer {
    /// Announces the whole, and closes the connection after so many bytes.
    Cut(usize),
    /// Sends so many bytes, and then nothing for three seconds.
    Stall(usize),
    /// Sends the content slowly, with pauses of a few milliseconds.
    Slow,
    /// Sends the whole, whatever part was asked for.
    IgnoreRange,
    /// Sends other content than the listing of the model says.
    Content(Vec<u8>),
    /// To the same path under `/elsewhere` on another host name.
    Redirect,
    Status(u16, &'static str),
}

#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    /// The first byte asked for.
    pub from: Option<usize>,
    pub token: Option<String>,
    pub host: String,
}

struct State {
    files: Vec<(String, Vec<u8>)>,
    /// The next answers for each file; `api` is the model's page. When there are none, answers are right.
    answers: HashMap<String, VecDeque<Answer>>,
    requests: Vec<Request>,
    info: Option<serde_json::Value>,
}

pub struct Hub {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// Content in which no two blocks are equal, so that a part in the wrong place is noticed.
pub fn weights(bytes: usize) -> Vec<u8> {
    (0..bytes as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex(&sha2::Sha256::digest(bytes))
}

pub fn git_sha1(bytes: &[u8]) -> String {
    use sha1::Digest;
    hex(&sha1::Sha1::new_with_prefix(format!("blob {}\0", bytes.len())).chain_update(bytes).finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Hub {
    /// A hub with one model of these files.
    pub fn start(files: &[(&str, Vec<u8>)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let files = files.iter().map(|(name, content)| (name.to_string(), content.clone())).collect();
        let state = State { files, answers: HashMap::new(), requests: Vec::new(), info: None };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // Some tests close the connection in the middle.
                thread::spawn(move || drop(serve(stream, &state)));
            }
        });
        Self { port, state }
    }

    /// A small model, whose weights are the only large file.
    pub fn with_model(bytes: usize) -> Self {
        Self::start(&[
            ("README.md", b"# A model".to_vec()),
            ("config.json", b"{\"model_type\": \"bart\"}".to_vec()),
            ("tokenizer.json", b"{}".to_vec()),
            ("pytorch_model.bin", b"not to be touched".to_vec()),
            ("model.safetensors", weights(bytes)),
        ])
    }

    /// The next answers to requests for a file, or for `api`.
    pub fn will(&self, name: &str, answers: &[Answer]) {
        self.state.lock().unwrap().answers.entry(name.into()).or_default().extend(answers.iter().cloned());
    }

    /// Changes what the hub says of the model.
    pub fn says(&self, info: serde_json::Value) {
        self.state.lock().unwrap().info = Some(info);
    }

    pub fn info(&self) -> serde_json::Value {
        self.state.lock().unwrap().info()
    }

    /// The requests so far for paths with this end.
    pub fn requests(&self, end: &str) -> Vec<Request> {
        let state = self.state.lock().unwrap();
        state.requests.iter().filter(|request| request.path.ends_with(end)).cloned().collect()
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl State {
    fn info(&self) -> serde_json::Value {
        let sibling = |(name, content): &(String, Vec<u8>)| {
            let large = !(name.ends_with(".json") || name.ends_with(".md") || name.ends_with(".txt"));
            let mut file = json!({"rfilename": name, "size": content.len(), "blobId": git_sha1(content)});
            if large {
                file["blobId"] = json!(git_sha1(b"a pointer"));
                file["lfs"] = json!({"sha256": sha256(content), "size": content.len(), "pointerSize": 134});
            }
            file
        };
        json!({
            "id": "owner/name", "sha": COMMIT, "tags": ["bart", "license:mit"], "gated": false,
            "siblings": self.files.iter().map(sibling).collect::<Vec<_>>(),
        })
    }
}

fn read_request(stream: &TcpStream) -> std::io::Result<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut request = Request { path, from: None, token: None, host: String::new() };
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "range" => {
                let first = value.trim_start_matches("bytes=").split('-').next();
                request.from = first.and_then(|first| first.parse().ok());
            }
            "authorization" => request.token = Some(value.into()),
            "host" => request.host = value.into(),
            _ => {}
        }
    }
    Ok(request)
}

fn serve(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let request = read_request(&stream)?;
    let (answer, content) = {
        let mut state = state.lock().unwrap();
        state.requests.push(request.clone());
        let is_api = request.path.starts_with("/api/models/owner/name/revision/main?blobs=true");
        let prefix = format!("/owner/name/resolve/{COMMIT}/");
        let path = request.path.trim_start_matches("/elsewhere");
        let name = if is_api { "api" } else { path.strip_prefix(&prefix).unwrap_or_default() }.to_owned();
        let content = match is_api {
            true => Some(state.info.clone().unwrap_or_else(|| state.info()).to_string().into_bytes()),
            false => state.files.iter().find(|(file, _)| *file == name).map(|(_, content)| content.clone()),
        };
        (state.answers.get_mut(&name).and_then(VecDeque::pop_front), content)
    };
    let Some(content) = content else { return head(&mut stream, 404, 0, "") };
    let from = request.from.filter(|_| !matches!(answer, Some(Answer::IgnoreRange))).unwrap_or(0);
    let send_head = |stream: &mut TcpStream, content: &[u8]| match from {
        0 => head(stream, 200, content.len(), ""),
        _ => {
            let (last, total) = (content.len() - 1, content.len());
            let range = format!("Content-Range: bytes {from}-{last}/{total}\r\n");
            head(stream, 206, total - from, &range)
        }
    };
    match answer {
        Some(Answer::Status(status, headers)) => return head(&mut stream, status, 0, headers),
        Some(Answer::Redirect) => {
            let port = stream.local_addr()?.port();
            let location = format!("Location: http://localhost:{port}/elsewhere{}\r\n", request.path);
            return head(&mut stream, 302, 0, &location);
        }
        Some(Answer::Content(other)) => {
            head(&mut stream, 200, other.len(), "")?;
            stream.write_all(&other)?;
        }
        Some(Answer::Cut(bytes)) => {
            send_head(&mut stream, &content)?;
            stream.write_all(&content[from..from + bytes])?;
        }
        Some(Answer::Stall(bytes)) => {
            send_head(&mut stream, &content)?;
            stream.write_all(&content[from..from + bytes])?;
            stream.flush()?;
            thread::sleep(Duration::from_secs(3));
        }
        Some(Answer::Slow) => {
            send_head(&mut stream, &content)?;
            for piece in content[from..].chunks(content.len() / 40 + 1) {
                stream.write_all(piece)?;
                thread::sleep(Duration::from_millis(50));
            }
        }
        Some(Answer::IgnoreRange) | None => {
            send_head(&mut stream, &content)?;
            stream.write_all(&content[from..])?;
        }
    }
    stream.flush()
}

fn head(stream: &mut TcpStream, status: u16, length: usize, headers: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n")
}
