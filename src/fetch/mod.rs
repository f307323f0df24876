//! Pages, politely: robots.txt, pauses, retries, conditional requests, recordings.
