/** A regular expression for base64 text with padding (RFC 4648), as in a JSON Schema. */
export const base64Pattern = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';
