"""A certificate of `localhost`, signed by itself, good for a hundred years; tests can not make one."""

import ssl
import textwrap
from pathlib import Path

_KEY = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNtsfgnVZ8DkHBxG6ylI/yfjQW9oNS3Hpcr7hfAY9GUehRANC"
    "AARdolTEo0eKOlTpY44ehTBRMGM22RSf+ibIepUahvdToG+J9nTBbMNB2TXZ1pMUSpT910EiffCcKjuneoW81pXp"
)
_CERTIFICATE = (
    "MIIBpTCCAUugAwIBAgIUM09PCDR+FHlrFcbaRmRbAjx85OMwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAX"
    "DTI2MTEyMjE5NDYyOFoYDzIxMjYxMDI5MTk0NjI4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO"
    "PQMBBwNCAARdolTEo0eKOlTpY44ehTBRMGM22RSf+ibIepUahvdToG+J9nTBbMNB2TXZ1pMUSpT910EiffCcKjuneoW81pXp"
    "o3kwdzAdBgNVHQ4EFgQUslAX0f22qaM24nErYB3kH9HGPl8wHwYDVR0jBBgwFoAUslAX0f22qaM24nErYB3kH9HGPl8wDwYD"
    "VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwDgYDVR0PAQH/BAQDAgKEMAoGCCqGSM49BAMCA0gAMEUCIQC1"
    "UZ1b2uhL64VoOzg3Gbt+R5y029Z2m6o4C1sLNtFKEAIgf8p0oU4vsGOJV6sWCjmYbcroBZNYTReodqINWnaXlb4="
)


def server(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file that a client must trust."""
    path = folder / "localhost.pem"
    path.write_text(_armoured("PRIVATE KEY", _KEY) + _armoured("CERTIFICATE", _CERTIFICATE))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


def _armoured(kind: str, body: str) -> str:
    return "\n".join([f"-----BEGIN {kind}-----", *textwrap.wrap(body, 64), f"-----END {kind}-----", ""])
