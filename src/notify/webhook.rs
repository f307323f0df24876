//! Standard Webhooks 1.0
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use super::sign::{hmac, key};
use super::{Message, SendError, judged, ports};
use crate::model::{Secret, Sink, Timestamp};
use crate::net::{Client, Request};

/// Most bytes of an answer that are looked at: nothing in it matters.
const ANSWER: usize = 64 * 1024;

pub(super) async fn send(
    client: &Client,
    sink: &Sink,
    message: &Message,
    now: Timestamp,
) -> Result<(), SendError> {
    let url = sink.url.as_ref().map(Secret::expose);
    let url = url.ok_or_else(|| SendError::permanent("the sink has no url"))?;
    let seconds = now.as_second();
    let mut request = Request::post(url, message.media, message.json.clone().into_bytes());
    request.ports = ports(url);
    request.max_bytes = Some(ANSWER);
    request.cut = true;
    request.headers = vec![
        ("webhook-id".into(), message.id.clone()),
        ("webhook-timestamp".into(), seconds.to_string()),
    ];
    if let Some(secret) = &sink.secret {
        let secrets = [Some(secret), sink.old_secret.as_ref()];
        let signed = signature(
            secrets.into_iter().flatten(),
            &message.id,
            seconds,
            &message.json,
        );
        let signed =
            signed.ok_or_else(|| SendError::permanent("the secret is no whsec_ secret"))?;
        request.headers.push(("webhook-signature".into(), signed));
    }
    judged(&client.send(request).await?)
}

/// The value of `webhook-signature`: `v1,` and the code of `id.seconds.body`, once for each secret
/// that holds now. None where a secret is malformed.
pub fn signature<'a>(
    secrets: impl IntoIterator<Item = &'a Secret>,
    id: &str,
    seconds: i64,
    body: &str,
) -> Option<String> {
    let head = format!("{id}.{seconds}.");
    let sign = |secret: &Secret| {
        let code = hmac(&key(secret.expose())?, &[head.as_bytes(), body.as_bytes()])?;
        Some(format!("v1,{code}"))
    };
    let signed: Option<Vec<String>> = secrets.into_iter().map(sign).collect();
    Some(signed?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_specification() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let sign = |secrets: &[&Secret]| {
            let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
            signature(
                secrets.iter().copied(),
                id,
                1_614_265_330,
                "{\"test\": 2432232314}",
            )
        };
        let one = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(&[&secret]).as_deref(), Some(one));
        let other = Secret::new("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        let both = sign(&[&other, &secret]).unwrap();
        assert!(
            both.ends_with(&format!(" {one}")) && both.starts_with("v1,"),
            "{both}"
        );
        assert_eq!(sign(&[&Secret::new("plain")]), None);
    }
}
