//! The requests that the methods are made of.

use std::error::Error;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;

use super::TableError;
use super::items::{self, Item};

/// What `DynamoDB` says when a condition does not hold.
const CONDITION_FAILED: &str = "ConditionalCheckFailedException";
/// What it says when there is no such table.
const NO_TABLE: &str = "ResourceNotFoundException";

/// Longest text that is looked up as a number of something. Keys are limited, to 1024 bytes the
/// shorter one, and a longer text would be refused instead of not found.
const MAX_NUMBER: usize = 256;

/// Whether something with this number can be in the table at all.
pub(super) fn can_be_number(text: &str) -> bool {
    (1..=MAX_NUMBER).contains(&text.len())
}

/// One table.
pub(super) struct Table {
    client: Client,
    name: String,
    region: String,
}

impl Table {
    pub(super) fn new(name: String, config: &SdkConfig) -> Self {
        let region = config.region().map(ToString::to_string);
        Self {
            client: Client::new(config),
            name,
            region: region.unwrap_or_default(),
        }
    }

    /// That the table is there and filled, by a version that this one understands.
    pub(super) async fn check(&self) -> Result<(), TableError> {
        match items::number_of(&self.meta().await?, "version")? {
            items::VERSION => Ok(()),
            found => Err(TableError::Version {
                table: self.name.clone(),
                found,
            }),
        }
    }

    /// The item beside all others, with the last number and the newest day.
    pub(super) async fn meta(&self) -> Result<Item, TableError> {
        let (pk, sk) = items::META;
        self.get(pk, sk).await?.ok_or_else(|| self.unfilled())
    }

    pub(super) fn unfilled(&self) -> TableError {
        TableError::Unfilled {
            table: self.name.clone(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// One item.
    pub(super) async fn get(
        &self,
        pk: impl Into<String>,
        sk: impl Into<String>,
    ) -> Result<Option<Item>, TableError> {
        let got = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(items::key(pk, sk)))
            .consistent_read(true)
            .send()
            .await;
        let got = got.map_err(|error| self.failed("GetItem", error))?;
        Ok(got.item)
    }

    /// Adds an item, or leaves the one that is there. False when there was one.
    pub(super) async fn put_new(&self, item: Item) -> Result<bool, TableError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        Ok(self.unless_refused("PutItem", put)?.is_some())
    }

    /// An update of one item, to be completed and sent with [`update`](Self::update).
    pub(super) fn updating(&self, key: Item) -> UpdateItemFluentBuilder {
        let update = self.client.update_item().table_name(&self.name);
        update.set_key(Some(key))
    }

    /// The item after the update, or `None` when the condition did not hold.
    pub(super) async fn update(
        &self,
        update: UpdateItemFluentBuilder,
    ) -> Result<Option<Item>, TableError> {
        let updated = self.unless_refused("UpdateItem", update.send().await)?;
        Ok(updated.map(|updated| updated.attributes.unwrap_or_default()))
    }

    /// A query of one partition, to be completed and read with [`first`](Self::first).
    pub(super) fn partition(&self, pk: impl Into<String>) -> QueryFluentBuilder {
        self.query("pk = :pk")
            .expression_attribute_values(":pk", items::text(pk))
            .consistent_read(true)
    }

    /// The same by the attribute `month`. An index is never strongly consistent.
    pub(super) fn by_month(&self, month: &str) -> QueryFluentBuilder {
        self.query("#month = :month")
            .index_name("by_month")
            .expression_attribute_names("#month", "month")
            .expression_attribute_values(":month", items::text(month))
    }

    fn query(&self, condition: &str) -> QueryFluentBuilder {
        let query = self.client.query().table_name(&self.name);
        query.key_condition_expression(condition)
    }

    /// The first `limit` items that a query finds, page after page.
    pub(super) async fn first(
        &self,
        query: QueryFluentBuilder,
        limit: usize,
    ) -> Result<Vec<Item>, TableError> {
        let mut pages = query.into_paginator().items().send();
        let mut found = Vec::new();
        while found.len() < limit {
            match pages.next().await {
                Some(item) => found.push(item.map_err(|error| self.failed("Query", error))?),
                None => break,
            }
        }
        Ok(found)
    }

    /// `None` for a condition that did not hold.
    fn unless_refused<T, E>(
        &self,
        operation: &'static str,
        outcome: Result<T, SdkError<E>>,
    ) -> Result<Option<T>, TableError>
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(error) if error.code() == Some(CONDITION_FAILED) => Ok(None),
            Err(error) => Err(self.failed(operation, error)),
        }
    }

    fn failed<E>(&self, operation: &'static str, error: SdkError<E>) -> TableError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        if error.code() == Some(NO_TABLE) {
            return TableError::Missing {
                table: self.name.clone(),
                region: self.region.clone(),
            };
        }
        TableError::Request {
            operation,
            error: Box::new(error),
        }
    }
}
