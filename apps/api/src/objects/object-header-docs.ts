import { metadataHeaderPrefix } from './object-headers.ts';

/** Request headers of an upload. */
export const writeHeaders = {
  'Content-Digest': 'RFC 9530: sha-256 or sha-512 of the body. What does not have it is not stored.',
  'Content-Disposition': 'How browsers treat the content, and its file name.',
  'Cache-Control': 'Answered with the content.',
  [`${metadataHeaderPrefix}NAME`]: 'Your own metadata, percent-encoded UTF-8; 8 KiB in all.',
  'If-None-Match': '`*`: store only a new object.',
  'If-Match': 'Replace only these versions.',
} as const;

/** Request headers of a download. */
export const readHeaders = {
  Range: 'RFC 9110 §14: one or several byte ranges.',
  'If-Range': 'An ETag: answer the ranges only if the object is still that version, else the whole.',
  'If-None-Match': 'Answer 304 if the object is one of these versions.',
  'If-Match': 'Answer 412 if it is none of these.',
  'If-Modified-Since': 'Answer 304 if it has not changed since.',
  'If-Unmodified-Since': 'Answer 412 if it has.',
} as const;

/** Response headers of whatever is answered about an object. */
export const validatorHeaders = {
  ETag: 'The version.',
  'Last-Modified': 'When the version was stored.',
  'Stowage-Version-Id': 'The version, as its versions are listed.',
  'Cache-Control': 'As it was stored; `no-cache` without.',
  'Repr-Digest': 'RFC 9530: sha-256 of the whole content.',
  'Accept-Ranges': 'bytes',
  [`${metadataHeaderPrefix}NAME`]: 'Your own metadata.',
} as const;

/** Those of an answer with the content. */
export const contentHeaders = {
  ...validatorHeaders,
  'Content-Disposition': '`attachment` unless the type is safe to show.',
} as const;

/** Those of an answer with a part of the content. */
export const rangeHeaders = {
  ...contentHeaders,
  'Content-Range': 'Which bytes follow, unless there are several ranges.',
} as const;

/** Those of an answer that leaves the content to another address. */
export const redirectHeaders = {
  ...validatorHeaders,
  Location: 'A URL of the content, which holds for five minutes.',
} as const;
