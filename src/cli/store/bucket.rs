//! A bucket of an object store. Its requests run on threads of their own, and whoever asks waits for the answer: the
//! rest of the program knows no futures. Retries and credentials are the library's, from the environment.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{FuturesUnordered, StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::client::HttpError;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path as Key;
use object_store::{
    GetOptions, GetRange, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, UploadPart,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::address::{Address, Scheme};
use super::error::io_error;
use super::marks::Marks;
use crate::cli::{Failure, terminal};

/// Threads that carry requests.
const CARRIERS: usize = 2;
/// An object of more bytes is sent in parts of so many. S3 takes 10,000 of them, so up to 80 GB.
const PART: usize = 8 << 20;
/// Parts of one object that are under way at a time.
const PARTS: usize = 4;

/// How often a list is asked for that breaks off. The library repeats requests, but not this.
const LISTINGS: usize = 3;

/// Where an answer to a request comes from.
pub type Answer<T> = object_store::Result<T>;

/// A bucket, and how it is asked.
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    runtime: Runtime,
    /// Of the bucket, without a key.
    address: Address,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the store, which holds credentials.
        write!(f, "Bucket({})", self.address)
    }
}

impl Bucket {
    /// The bucket of an address. Nothing is asked of it yet.
    ///
    /// # Errors
    /// If what the environment says of the store cannot be understood.
    pub fn connect(address: &Address) -> Result<Arc<Bucket>, Failure> {
        let name = address.bucket.as_str();
        let store: Answer<Arc<dyn ObjectStore>> = match address.scheme {
            Scheme::S3 => {
                AmazonS3Builder::from_env().with_bucket_name(name).build().map(|store| Arc::new(store) as _)
            }
            Scheme::Gs => GoogleCloudStorageBuilder::from_env()
                .with_bucket_name(name)
                .build()
                .map(|store| Arc::new(store) as _),
            Scheme::Az => MicrosoftAzureBuilder::from_env()
                .with_container_name(name)
                .build()
                .map(|store| Arc::new(store) as _),
        };
        let usage = |error: object_store::Error| Failure::Usage(format!("{address}: {}", io_error(error)));
        let store = store.map_err(usage)?;
        let runtime = Builder::new_multi_thread().worker_threads(CARRIERS).enable_all().build();
        let runtime =
            runtime.map_err(|error| Failure::Failed(format!("no threads can be started: {error}")))?;
        say_of(address.scheme);
        Ok(Arc::new(Bucket { store, runtime, address: address.with_key("") }))
    }

    /// Of no store: what it holds goes with it.
    #[cfg(test)]
    pub fn in_memory() -> Arc<Bucket> {
        let runtime = Builder::new_multi_thread().worker_threads(CARRIERS).enable_all().build().unwrap();
        let address = Address::of(Path::new("s3://memory")).unwrap();
        Arc::new(Bucket {
            store: Arc::new(object_store::memory::InMemory::new()),
            runtime,
            address: address.with_key(""),
        })
    }

    pub fn is_of(&self, address: &Address) -> bool {
        self.address == address.with_key("")
    }

    /// Asks, and waits for the answer.
    fn wait<T>(&self, answer: impl Future<Output = Answer<T>>) -> io::Result<T> {
        self.runtime.block_on(answer).map_err(io_error)
    }

    fn failed<'a>(&'a self, what: &'a str, key: &'a str) -> impl Fn(io::Error) -> Failure + 'a {
        move |error| Failure::io(what, &self.address.with_key(key).path(), &error)
    }

    /// The object of this name, if there is one.
    pub fn object(self: &Arc<Self>, key: &str) -> Result<Option<Object>, Failure> {
        let asked = parse(key).and_then(|key| self.wait(self.store.head(&key)));
        match asked {
            Ok(meta) => Ok(Some(Object::new(self, meta))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed("read", key)(error)),
        }
    }

    /// All objects below an address, by what of their names is below it.
    pub fn list(self: &Arc<Self>, address: &Address) -> Result<BTreeMap<String, Object>, Failure> {
        let prefix = parse(&address.key).map_err(self.failed("list", &address.key))?;
        let list = || self.runtime.block_on(self.store.list(Some(&prefix)).try_collect::<Vec<_>>());
        let mut listed = list();
        for _ in 1..LISTINGS {
            match &listed {
                Err(error) if broke_off(error) => listed = list(),
                _ => break,
            }
        }
        let listed = listed.map_err(io_error).map_err(self.failed("list", &address.key))?;
        let below = |meta: ObjectMeta| {
            // What stands for the folder itself is not below it.
            let below = address.below(meta.location.as_ref())?.to_owned();
            Some((below, Object::new(self, meta)))
        };
        let mut found: BTreeMap<String, Object> = listed.into_iter().filter_map(below).collect();
        let folders = found.iter().filter(|(path, object)| object.bytes() == 0 && is_folder(path, &found));
        let folders: Vec<String> = folders.map(|(path, _)| path.clone()).collect();
        found.retain(|path, _| !folders.contains(path));
        Ok(found)
    }

    /// Writes an object: whole or not at all, as stores do.
    pub fn put(&self, key: &str, pieces: &[&[u8]], marks: &Marks, mode: PutMode) -> io::Result<()> {
        let key = parse(key)?;
        let bytes: usize = pieces.iter().map(|piece| piece.len()).sum();
        let attributes = marks.attributes();
        if bytes <= PART || mode != PutMode::Overwrite {
            let options = PutOptions { mode, attributes, ..PutOptions::default() };
            let payload = PutPayload::from(pieces.concat());
            return self.wait(self.store.put_opts(&key, payload, options)).map(|_| ());
        }
        let options = PutMultipartOptions { attributes, ..PutMultipartOptions::default() };
        self.wait(async {
            let mut upload = self.store.put_multipart_opts(&key, options).await?;
            let mut under_way = FuturesUnordered::new();
            let sent = send(&mut *upload, &mut under_way, pieces).await;
            if sent.is_err() {
                // A part that comes later than the end of its upload stays.
                while under_way.next().await.is_some() {}
                // What cannot be removed costs space until a rule of the bucket removes it; the first fault is told.
                let _ = upload.abort().await;
            }
            sent
        })
    }

    pub fn delete(&self, key: &str) -> io::Result<()> {
        let key = parse(key)?;
        self.wait(self.store.delete(&key))
    }
}

/// Whether an answer had begun when the connection was lost: else a retry stands between.
fn broke_off(error: &object_store::Error) -> bool {
    error.source().and_then(Error::source).is_some_and(|source| source.is::<HttpError>())
}

/// Whether other objects lie below this one: consoles make an empty object for a folder.
fn is_folder(path: &str, all: &BTreeMap<String, Object>) -> bool {
    let within = format!("{path}/");
    all.range(within.clone()..).next().is_some_and(|(next, _)| next.starts_with(&within))
}

/// Sends pieces as parts of one size.
async fn send(
    upload: &mut dyn MultipartUpload,
    under_way: &mut FuturesUnordered<UploadPart>,
    pieces: &[&[u8]],
) -> Answer<()> {
    let mut part = BytesMut::new();
    for mut piece in pieces.iter().copied() {
        while !piece.is_empty() {
            let (now, rest) = piece.split_at(piece.len().min(PART - part.len()));
            part.extend_from_slice(now);
            piece = rest;
            if part.len() == PART {
                under_way.push(upload.put_part(PutPayload::from(part.split().freeze())));
            }
            if under_way.len() >= PARTS {
                under_way.next().await.transpose()?;
            }
        }
    }
    if !part.is_empty() {
        under_way.push(upload.put_part(PutPayload::from(part.freeze())));
    }
    while let Some(sent) = under_way.next().await {
        sent?;
    }
    upload.complete().await.map(|_| ())
}

fn parse(key: &str) -> io::Result<Key> {
    Key::parse(key).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))
}

/// Says what a user cannot see otherwise.
fn say_of(scheme: Scheme) {
    if !scheme.is_tested() {
        terminal::say(&format!("warning: {}:// is untested: no test reads or writes there\n", scheme.name()));
    }
    let sources =
        ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
    let sources = sources.into_iter().chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_SKIP_SIGNATURE"]);
    if scheme == Scheme::S3 && !sources.into_iter().any(|name| env::var_os(name).is_some()) {
        terminal::say(
            "no AWS_ACCESS_KEY_ID in the environment: asking the EC2 instance that this may be for its credentials. \
             Profiles of ~/.aws are not read\n",
        );
    }
}

/// An object, as it was when it was found.
#[derive(Clone, Debug)]
pub struct Object {
    bucket: Arc<Bucket>,
    meta: ObjectMeta,
    path: PathBuf,
}

impl Object {
    fn new(bucket: &Arc<Bucket>, meta: ObjectMeta) -> Object {
        let path = bucket.address.with_key(meta.location.as_ref()).path();
        Object { bucket: Arc::clone(bucket), meta, path }
    }

    /// Its address, in the place of a path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn bytes(&self) -> u64 {
        self.meta.size
    }

    /// Whether another has the same content, as far as the store tells.
    pub fn is_same(&self, other: &Object) -> bool {
        let tag = |object: &Object| object.meta.e_tag.as_ref().map(|tag| tag.trim_matches('"').to_owned());
        self.meta.size == other.meta.size && tag(self) == tag(other)
    }

    /// All of it.
    pub fn read(&self) -> io::Result<Bytes> {
        match self.meta.size {
            // No range is empty.
            0 => Ok(Bytes::new()),
            size => self.bucket.wait(self.get(0..size)),
        }
    }

    /// What this program noted of it when it wrote it.
    pub fn marks(&self) -> io::Result<Option<Marks>> {
        let options = GetOptions { head: true, ..GetOptions::default() };
        let found = self.bucket.wait(self.bucket.store.get_opts(&self.meta.location, options))?;
        Ok(Marks::of(&found.attributes))
    }

    /// Some of its bytes, if it is still what was found: of S3 alone it is known that what a list says of that can be
    /// asked for.
    fn get(&self, range: Range<u64>) -> impl Future<Output = Answer<Bytes>> + Send + 'static {
        let (store, key) = (Arc::clone(&self.bucket.store), self.meta.location.clone());
        let if_match = self.meta.e_tag.clone().filter(|_| self.bucket.address.scheme == Scheme::S3);
        let range = Some(GetRange::Bounded(range));
        let options = GetOptions { range, if_match, ..GetOptions::default() };
        async move { store.get_opts(&key, options).await?.bytes().await }
    }

    /// Begins to read some of its bytes.
    pub fn begin(&self, range: Range<u64>) -> UnderWay {
        let task = self.bucket.runtime.spawn(self.get(range.clone()));
        UnderWay { range, task }
    }

    /// Waits for what was begun.
    pub fn end(&self, mut under_way: UnderWay) -> io::Result<Bytes> {
        self.bucket.runtime.block_on(&mut under_way.task).map_err(io::Error::other)?.map_err(io_error)
    }
}

/// Bytes that are on their way. Nobody waits for them once this is gone.
pub struct UnderWay {
    pub range: Range<u64>,
    task: JoinHandle<Answer<Bytes>>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.task.abort();
    }
}
