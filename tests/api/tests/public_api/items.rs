//! The public items of one crate, each once, with what its documentation says.

use std::collections::{HashMap, HashSet};

use rustdoc_types::{
    Attribute, Crate, Function, Id, ItemEnum, StructKind, Type, Use, Variant, VariantKind,
    Visibility,
};

/// An item that a user can name.
pub(crate) struct Item<'c> {
    pub(crate) id: Id,
    pub(crate) path: String,
    pub(crate) kind: &'static str,
    pub(crate) docs: &'c str,
    /// Where the links in the documentation lead.
    pub(crate) links: HashMap<&'c str, Id>,
    /// The type or trait whose example shows this item as well: a variant, a field, an item of a
    /// trait, a setter.
    pub(crate) shown_by: Option<Id>,
    /// The features without which it is not there.
    pub(crate) features: Vec<&'c str>,
}

impl Item<'_> {
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit("::").next().unwrap_or_default()
    }
}

/// All public items of a crate. What it exports of another crate of ours is that one's.
pub(crate) fn of(krate: &Crate) -> Vec<Item<'_>> {
    let mut walk = Walk {
        krate,
        seen: HashSet::new(),
        items: Vec::new(),
    };
    walk.item(krate.root, "", None);
    walk.items
}

struct Walk<'c> {
    krate: &'c Crate,
    seen: HashSet<Id>,
    items: Vec<Item<'c>>,
}

impl Walk<'_> {
    /// An item that stands in a module, or is exported there under a name.
    fn item(&mut self, id: Id, within: &str, export: Option<(Id, &str)>) {
        let Some(item) = self.krate.index.get(&id) else {
            return;
        };
        if let ItemEnum::Use(it) = &item.inner {
            self.export(id, it, within);
            return;
        }
        if !self.seen.insert(id) {
            return;
        }
        let exported_as = export.map(|(_, name)| name);
        let name = exported_as.or(item.name.as_deref()).unwrap_or_default();
        let path = join(within, name);
        self.push(id, &path, None);
        if let (Some((export, _)), Some(item)) = (export, self.items.last_mut()) {
            item.features.extend(features(&self.krate.index[&export]));
        }
        match &item.inner {
            ItemEnum::Module(module) => {
                for id in &module.items {
                    self.item(*id, &path, None);
                }
            }
            ItemEnum::Struct(it) => {
                if let StructKind::Plain { fields, .. } = &it.kind {
                    self.shown(fields, &path, id);
                }
                self.implementations(&it.impls, &path, id);
            }
            ItemEnum::Enum(it) => {
                self.shown(&it.variants, &path, id);
                self.implementations(&it.impls, &path, id);
            }
            ItemEnum::Union(it) => {
                self.shown(&it.fields, &path, id);
                self.implementations(&it.impls, &path, id);
            }
            ItemEnum::Trait(it) => self.shown(&it.items, &path, id),
            _ => {}
        }
    }

    /// What is exported from a private module stands where it is exported. What another crate has is an
    /// item of its own when something is said about it here.
    fn export(&mut self, id: Id, export: &Use, within: &str) {
        let here = export.id.filter(|id| self.krate.index.contains_key(id));
        match here {
            Some(target) if export.is_glob => {
                if let ItemEnum::Module(module) = &self.krate.index[&target].inner {
                    for id in &module.items {
                        self.item(*id, within, None);
                    }
                }
            }
            Some(target) => self.item(target, within, Some((id, &export.name))),
            None if export.source.starts_with("mcp_core::") => {}
            None => {
                self.push(id, &join(within, &export.name), None);
                // Links lead to what is exported.
                if let (Some(target), Some(item)) = (export.id, self.items.last_mut()) {
                    item.id = target;
                }
            }
        }
    }

    /// Items that the example of their type shows.
    fn shown(&mut self, ids: &[Id], within: &str, by: Id) {
        for id in ids {
            let Some(item) = self.krate.index.get(id) else {
                continue;
            };
            let path = join(within, item.name.as_deref().unwrap_or_default());
            self.push(*id, &path, Some(by));
            if let ItemEnum::Variant(Variant {
                kind: VariantKind::Struct { fields, .. },
                ..
            }) = &item.inner
            {
                self.shown(fields, &path, by);
            }
        }
    }

    /// What a type has without a trait. An item of a trait is documented at the trait.
    fn implementations(&mut self, ids: &[Id], within: &str, of: Id) {
        for id in ids {
            let Some(ItemEnum::Impl(it)) = self.krate.index.get(id).map(|item| &item.inner) else {
                continue;
            };
            if it.trait_.is_some() {
                continue;
            }
            for id in &it.items {
                let Some(item) = self.krate.index.get(id) else {
                    continue;
                };
                if !matches!(item.visibility, Visibility::Public) {
                    continue;
                }
                let path = join(within, item.name.as_deref().unwrap_or_default());
                let is_setter = matches!(&item.inner, ItemEnum::Function(it) if is_setter(it));
                self.push(*id, &path, is_setter.then_some(of));
            }
        }
    }

    fn push(&mut self, id: Id, path: &str, shown_by: Option<Id>) {
        let item = &self.krate.index[&id];
        let kind = match &item.inner {
            ItemEnum::Module(_) => "module",
            ItemEnum::Macro(_) | ItemEnum::ProcMacro(_) => "macro",
            ItemEnum::Function(_) => "function",
            _ => "item",
        };
        self.items.push(Item {
            id,
            path: path.to_owned(),
            kind,
            docs: item.docs.as_deref().unwrap_or_default(),
            links: item
                .links
                .iter()
                .map(|(to, id)| (to.as_str(), *id))
                .collect(),
            shown_by,
            features: features(item).collect(),
        });
    }
}

/// The features that `#[cfg]` on an item names. rustdoc gives its conditions as it prints them for itself.
fn features(item: &rustdoc_types::Item) -> impl Iterator<Item = &str> {
    let conditions = item.attrs.iter().filter_map(|attribute| match attribute {
        Attribute::Other(text) if text.contains("CfgTrace") => Some(text.as_str()),
        _ => None,
    });
    conditions.flat_map(|text| {
        let named = text.split(r#"name: "feature", value: Some(""#).skip(1);
        named.filter_map(|rest| rest.split('"').next())
    })
}

/// A method that takes a value and gives it back.
fn is_setter(function: &Function) -> bool {
    let itself = Type::Generic("Self".to_owned());
    let takes = function.sig.inputs.first();
    takes.is_some_and(|(name, ty)| name == "self" && *ty == itself)
        && function.sig.output == Some(itself)
}

fn join(within: &str, name: &str) -> String {
    if within.is_empty() {
        name.to_owned()
    } else {
        format!("{within}::{name}")
    }
}
