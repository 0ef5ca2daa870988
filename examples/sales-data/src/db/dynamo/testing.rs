//! A table of its own for each test, in moto.

#[path = "../../../tests/moto/mod.rs"]
mod moto;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_config::{Region, SdkConfig};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};

use self::moto::Door;
use super::driver::Driver;
use super::fill::Contents;
use super::items::{self, Item};
use super::table::Table;
use super::{Dynamo, TableError, client};
use crate::db::testing::unique_name;
use crate::db::{Engine, SalesDb};

/// How long preparing a table may take.
const PREPARING: Duration = Duration::from_secs(60);

/// The most items of one `BatchWriteItem`.
const BATCH: usize = 25;

/// The one door of this process, so that its requests come one at a time.
fn door() -> Option<&'static Door> {
    static DOOR: OnceLock<Option<Door>> = OnceLock::new();
    DOOR.get_or_init(Door::open).as_ref()
}

/// Whether there is a moto to test with. Says so aloud when there is none.
pub(in crate::db) fn is_there() -> bool {
    door().is_some()
}

/// A table that nobody else uses.
pub(in crate::db) struct TestTable {
    name: String,
}

impl TestTable {
    /// A table without anything in it.
    pub(super) fn empty() -> Result<Self, TableError> {
        let name = unique_name();
        let created = name.clone();
        with_client(move |client| async move { moto::create_table(&client, &created).await })?;
        Ok(Self { name })
    }

    /// A table with these customers and orders. It is filled in batches, since moto is slow.
    pub(in crate::db) fn filled(customers: &str, orders: &str) -> Result<Self, TableError> {
        let table = Self::empty()?;
        let mut contents = Contents::read(customers, orders)?;
        contents.items.push(contents.meta);
        table.put(contents.items)?;
        Ok(table)
    }

    /// A table that is not there.
    pub(super) fn missing() -> Self {
        Self {
            name: unique_name(),
        }
    }

    /// Puts items as they are.
    pub(super) fn put(&self, items: Vec<Item>) -> Result<(), TableError> {
        let name = self.name.clone();
        with_client(move |client| async move {
            for batch in items.chunks(BATCH) {
                let writes = batch.iter().map(|item| {
                    let put = PutRequest::builder().set_item(Some(item.clone()));
                    WriteRequest::builder()
                        .put_request(put.build().unwrap())
                        .build()
                });
                let write = client.batch_write_item();
                let write = write.request_items(&name, writes.collect());
                write.send().await.unwrap();
            }
        })
    }

    /// Removes the item that says that the table is filled.
    pub(super) fn break_off(&self) -> Result<(), TableError> {
        let name = self.name.clone();
        with_client(move |client| async move {
            let (pk, sk) = items::META;
            let delete = client.delete_item().table_name(&name);
            let delete = delete.set_key(Some(items::key(pk, sk)));
            delete.send().await.unwrap();
        })
    }

    /// Opens it as a server does.
    pub(in crate::db) fn open(&self) -> Result<SalesDb, TableError> {
        let driver = Driver::start()?;
        let table = self.table(&driver)?;
        Ok(SalesDb(Engine::Dynamo(Dynamo::open_with(driver, table)?)))
    }

    /// Fills it as the person does who deploys.
    pub(super) fn fill(&self, customers: &str, orders: &str) -> Result<String, TableError> {
        let driver = Driver::start()?;
        let table = self.table(&driver)?;
        let (customers, orders) = (customers.to_owned(), orders.to_owned());
        driver.wait(PREPARING, async move {
            super::fill::fill(&table, &customers, &orders).await
        })
    }

    fn table(&self, driver: &Driver) -> Result<Arc<Table>, TableError> {
        let config = driver.wait(PREPARING, async { Ok(config().await) })?;
        Ok(Arc::new(Table::new(self.name.clone(), &config)))
    }
}

impl Drop for TestTable {
    fn drop(&mut self) {
        // Only because moto is the slower, the more it has. A table that is not there fails no test.
        let name = self.name.clone();
        let _ = with_client(move |client| async move {
            let _ = client.delete_table().table_name(&name).send().await;
        });
    }
}

/// Does something with a client that is not the one under test.
fn with_client<W>(work: impl FnOnce(Client) -> W + Send + 'static) -> Result<(), TableError>
where
    W: Future<Output = ()> + Send + 'static,
{
    Driver::start()?.wait(PREPARING, async move {
        work(moto::client(door().unwrap())).await;
        Ok(())
    })
}

/// What is otherwise in the environment, which a test cannot set for itself.
async fn config() -> SdkConfig {
    client::settings()
        .endpoint_url(door().unwrap().url())
        .region(Region::new(moto::REGION))
        .credentials_provider(moto::credentials())
        .load()
        .await
}
