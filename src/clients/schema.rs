//! The schema of figures, which a derive can't say: names of one form, fifty at most.

use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Object, Schema};

fn figures(value: Object, description: &str) -> Object {
    let name = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[a-z][a-z0-9_]{0,62}$"))
        .max_length(Some(63))
        .build();
    let mut object = ObjectBuilder::new()
        .additional_properties(Some(AdditionalProperties::from(Schema::Object(value))))
        .property_names(Some(Schema::Object(name)))
        .description(Some(description))
        .build();
    object.max_properties = Some(50);
    object
}

/// Figures by name.
pub(super) fn attributes() -> Object {
    let number = ObjectBuilder::new().schema_type(Type::Number).build();
    figures(
        number,
        "Figures by name; a partner sees them even while the identity is sealed.",
    )
}

/// Figures by name, `null` for those to be removed.
pub(super) fn attribute_changes() -> Object {
    let number = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Number, Type::Null]))
        .build();
    figures(number, "Figures to set, and with `null` to remove.")
}
