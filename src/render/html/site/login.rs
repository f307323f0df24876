//! The page that asks for the token.

use super::{At, frame};
use crate::render::html::To;

/// The page; `wrong` = a token was given and is not the one.
pub fn login(wrong: bool, at: At) -> String {
    let words = at.lang.site();
    let mut out = frame::head(at, words.sign_in, To::Board);
    out.raw("<body id=\"top\" class=\"site login\"><main>");
    out.element("<h1>", words.sign_in, "</h1>");
    out.element("<p class=\"sub\">", words.sign_in_about, "</p>");
    if wrong {
        out.element(
            "<p class=\"gap\" role=\"alert\">",
            words.wrong_token,
            "</p>",
        );
    }
    out.raw("<form class=\"big\" action=\"/login\" method=\"post\"><label for=\"token\">");
    out.text(words.token);
    out.raw(
        "</label><input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" \
         maxlength=\"512\" required=\"required\" autofocus=\"autofocus\"/>",
    );
    out.element(
        "<button>",
        words.sign_in,
        "</button></form></main></body></html>\n",
    );
    out.into_string()
}
