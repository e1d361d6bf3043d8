"""Keys, signatures and certificates, with the cryptography package."""

import base64
import binascii
import datetime
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

# SubjectPublicKeyInfo of a P-256 key up to its uncompressed point: the one form in which gateways' keys are written.
P256_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
PEM_BLOCK = re.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")
IDENTITY = re.compile("[a-z]+://([^/]+)/.+", re.DOTALL)


def verifies(public_key, data, signature):
    """Whether an ES256 signature (r and s, base64url without padding) is this key's over the data."""
    key, raw = _p256(public_key), _base64url(signature)
    if key is None or raw is None or len(raw) != 64:
        return False
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
        return True
    except InvalidSignature:
        return False


def _p256(text):
    der = _base64url(text)
    if der is None or len(der) != len(P256_PREFIX) + 64 or not der.startswith(P256_PREFIX):
        return None
    try:
        return load_der_public_key(der)
    except ValueError:
        return None  # The point is not on the curve.


def _base64url(text):
    if not isinstance(text, str):
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    # Spare bits in the last character would give one key several spellings.
    return raw if _write_base64url(raw) == text else None


def _write_base64url(raw):
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def public_key(certificate):
    """A certificate's key as messages write it."""
    return _write_base64url(
        certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )


def certificates(pem):
    """The certificates in a PEM text."""
    blocks = PEM_BLOCK.findall(pem)
    if not blocks or PEM_BLOCK.sub("", pem).strip():
        raise ValueError("not a PEM certificate, or something beside it")
    return [x509.load_pem_x509_certificate(block.encode("ascii")) for block in blocks]


def chains(pems):
    """The chains in a list of PEM texts: each begins with a certificate that is no authority."""
    found = []
    for pem in pems:
        for certificate in certificates(pem):
            if not found or not is_authority(certificate):
                found.append([])
            found[-1].append(certificate)
    return found


def is_authority(certificate):
    constraints = _extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def identities(certificate):
    """The URIs a certificate names."""
    names = _extension(certificate, x509.SubjectAlternativeName)
    return [] if names is None else names.get_values_for_type(x509.UniformResourceIdentifier)


def _extension(certificate, kind):
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def organization(identity):
    """"alpha.example" of "odapgw://alpha.example/gateway-1"; None where there is none."""
    match = IDENTITY.fullmatch(identity)
    return match and match.group(1)


def is_signed_by(certificate, issuer):
    key = issuer.public_key()
    how = certificate.signature_hash_algorithm
    signed, signature = certificate.tbs_certificate_bytes, certificate.signature
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(how))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), how)
        else:
            return False
        return True
    except InvalidSignature:
        return False


def is_valid(certificate, first, last):
    """Whether a certificate is valid from first to last, UNIX milliseconds."""
    return _millis(certificate.not_valid_before) <= first and last <= _millis(certificate.not_valid_after)


def _millis(naive):
    return int(naive.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000)
