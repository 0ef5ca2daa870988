//! Redis over TLS.

use std::path::PathBuf;
use std::process::Command;

use crate::environment::passes_with;
use crate::server::{Server, free_port, installed};

/// A folder with a certificate of its own authority, for 127.0.0.1.
struct Certificate(PathBuf);

impl Certificate {
    /// `None` if there is nothing to make it with.
    fn new() -> Option<Self> {
        if !installed("openssl") {
            return None;
        }
        let folder = std::env::temp_dir().join(format!("mcp-redis-tls-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let made = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            ])
            .args([
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
            ])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .current_dir(&folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        Some(Self(folder))
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_certificate_has_to_be_trusted() {
    let (Some(server), Some(certificate)) = (Server::stopped(), Certificate::new()) else {
        return;
    };
    let (cert, key) = (certificate.path("cert.pem"), certificate.path("key.pem"));
    let port = free_port().to_string();
    let mut server = server.arguments(&[
        "--tls-port",
        &port,
        "--tls-cert-file",
        &cert,
        "--tls-key-file",
        &key,
        "--tls-ca-cert-file",
        &cert,
        "--tls-auth-clients",
        "no",
    ]);
    server.run().await;
    let url = format!("rediss://127.0.0.1:{port}");
    passes_with(&[("MCP_REDIS_URL", &url), ("SSL_CERT_FILE", &cert)]).unwrap();
    let refused = passes_with(&[("MCP_REDIS_URL", &url)]).unwrap_err();
    assert!(refused.contains("invalid peer certificate"), "{refused}");
}
