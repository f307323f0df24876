//! Every address of the board.

use super::state::Shared;
use super::{answer::Trouble, api, feeds, guard, health, live, login, pages};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;

/// Every path, as the router and `openapi.json` write it.
pub const ROUTES: &[&str] = &[
    "/",
    "/region/{id}",
    "/notice/{id}",
    "/notice/{id}/diff/{from}/{to}",
    "/changes",
    "/search",
    "/sources",
    "/feeds",
    "/feed.atom",
    "/feed.json",
    "/calendar.ics",
    "/raw/{digest}",
    "/events",
    "/app.js",
    "/icon.svg",
    "/login",
    "/healthz",
    "/metrics",
    "/api/v1/board",
    "/api/v1/regions/{id}",
    "/api/v1/notices",
    "/api/v1/notices/{id}",
    "/api/v1/changes",
    "/api/v1/events",
    "/api/v1/sources",
    "/api/v1/openapi.json",
];

/// The router with the guard around it.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(pages::board))
        .route("/region/{id}", get(pages::region))
        .route("/notice/{id}", get(pages::notice))
        .route("/notice/{id}/diff/{from}/{to}", get(pages::diff))
        .route("/changes", get(pages::changes))
        .route("/search", get(pages::search))
        .route("/sources", get(pages::sources))
        .route("/feeds", get(pages::feeds))
        .route("/feed.atom", get(feeds::atom))
        .route("/feed.json", get(feeds::json_feed))
        .route("/calendar.ics", get(feeds::calendar))
        .route("/raw/{digest}", get(pages::raw))
        .route("/events", get(live::events))
        .route("/app.js", get(pages::script))
        .route("/icon.svg", get(pages::icon))
        .route(guard::LOGIN, post(login::login).get(pages::home))
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(health::metrics))
        .route("/api/v1/board", get(api::board))
        .route("/api/v1/regions/{id}", get(api::region))
        .route("/api/v1/notices", get(api::notices))
        .route("/api/v1/notices/{id}", get(api::notice))
        .route("/api/v1/changes", get(api::changes))
        .route("/api/v1/events", get(api::events))
        .route("/api/v1/sources", get(api::sources))
        .route("/api/v1/openapi.json", get(api::openapi))
        .fallback(async || Trouble::NotFound)
        .layer(from_fn_with_state(Arc::clone(&shared), guard::guard))
        .with_state(shared)
}
