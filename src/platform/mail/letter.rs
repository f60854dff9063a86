//! A mail's text and its HTML, both made of the same parts, so that they can't say different things.

use std::sync::LazyLock;

use minijinja::value::{Serde, Value};
use minijinja::{Environment, UndefinedBehavior, context};
use serde::Serialize;

use crate::platform::error::{ApiResult, Error};

/// A part of a mail.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Part {
    /// A paragraph of ours.
    Paragraph(String),
    /// The words of a person.
    Quotation(String),
    /// Something to be copied as it stands: a token.
    Code(String),
}

/// The same words twice.
#[derive(Debug)]
pub(super) struct Forms {
    /// For a mail program that shows text.
    pub text: String,
    /// For one that shows HTML; what people wrote is escaped.
    pub html: String,
}

/// HTML is escaped by the template's name: minijinja does so for `.html`.
static TEMPLATES: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.add_template("letter.txt", include_str!("letter.txt"))?;
    templates.add_template("letter.html", include_str!("letter.html"))?;
    Ok(templates)
});

impl Part {
    /// The same with lines that end in one way only, and without what is not to be seen: so that what a
    /// person wrote can't pass for a paragraph of ours.
    fn tidy(&self) -> Self {
        match self {
            Self::Paragraph(text) => Self::Paragraph(tidy(text)),
            Self::Quotation(text) => Self::Quotation(tidy(text)),
            Self::Code(text) => Self::Code(tidy(text)),
        }
    }
}

/// Every end of a line (Unicode, UAX #14: CR, CR LF, NEL, LS, PS) as a line feed; no other control
/// character but the tab, and none that turns the direction of writing (UAX #9).
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter_map(|c| match c {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\n' | '\t' => Some(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
            c => (!c.is_control()).then_some(c),
        })
        .collect()
}

/// Renders a mail; `url` says whose it is.
pub(super) fn render(subject: &str, parts: &[Part], url: &str) -> ApiResult<Forms> {
    let parts: Vec<Part> = parts.iter().map(Part::tidy).collect();
    let form = |name: &str| {
        let templates = TEMPLATES.as_ref().map_err(|error| error.to_string())?;
        let template = templates
            .get_template(name)
            .map_err(|error| error.to_string())?;
        let parts = Value::from(Serde(&parts));
        let values = context! { subject, parts, url };
        template.render(values).map_err(|error| error.to_string())
    };
    Ok(Forms {
        text: form("letter.txt").map_err(Error::broken)?,
        html: form("letter.html").map_err(Error::broken)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered() -> Forms {
        let parts = [
            Part::Paragraph("Ana Ruiz of Red Mesa <Wealth> proposes a partnership.".into()),
            Part::Quotation("Dear Ben,\nshall we?<script>alert(1)</script>".into()),
            Part::Code("AZi20nwd".into()),
        ];
        render("A & B", &parts, "https://quid.example").unwrap()
    }

    #[test]
    fn the_text_has_every_part_in_a_form_of_its_own() {
        let expected = "Ana Ruiz of Red Mesa <Wealth> proposes a partnership.\n\n\
             > Dear Ben,\n> shall we?<script>alert(1)</script>\n\n    AZi20nwd\n\n\
             -- \nQuid, https://quid.example";
        assert_eq!(rendered().text, expected);
    }

    #[test]
    fn no_line_of_a_quotation_gets_out_of_it() {
        let wrote =
            "a\rb\r\nc\u{85}d\u{2028}e\u{2029}f\u{b}\u{c}\u{0}\u{1b}\u{202e}\u{2066}\u{2069}g\th";
        let forms = render(
            "A",
            &[Part::Quotation(wrote.into())],
            "https://quid.example",
        )
        .unwrap();
        let expected = "> a\n> b\n> c\n> d\n> e\n> fg\th\n\n-- \nQuid, https://quid.example";
        assert_eq!(forms.text, expected);
        assert!(
            forms.html.contains(">a\nb\nc\nd\ne\nfg\th</blockquote>"),
            "{}",
            forms.html
        );
    }

    #[test]
    fn what_people_wrote_is_escaped_in_the_html() {
        let html = rendered().html;
        assert!(html.contains("<title>A &amp; B</title>"), "{html}");
        assert!(html.contains("Red Mesa &lt;Wealth&gt; proposes"), "{html}");
        assert!(
            html.contains("shall we?&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"),
            "{html}"
        );
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains(">AZi20nwd</pre>"), "{html}");
    }
}
