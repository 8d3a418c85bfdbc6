import { metadataHeaderPrefix } from './object-headers.ts';

/** Request headers of an upload. */
export const writeHeaders = {
  'Content-Type': 'Media type of the content. The first bytes are checked against it.',
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
  'If-Range': 'An ETag or a date: answer the ranges only if the object is still that one.',
  'If-None-Match': 'Answer 304 if the object is one of these versions.',
  'If-Match': 'Answer 412 if it is none of these.',
  'If-Modified-Since': 'Answer 304 if it has not changed since.',
  'If-Unmodified-Since': 'Answer 412 if it has.',
} as const;

/** Response headers of a download. */
export const contentHeaders = {
  ETag: 'The version.',
  'Last-Modified': 'When the version was stored.',
  'Repr-Digest': 'RFC 9530: sha-256 of the whole content.',
  'Accept-Ranges': 'bytes',
  'Content-Range': 'Which bytes follow, in a 206.',
  'Content-Disposition': '`attachment` unless the type is safe to show.',
  [`${metadataHeaderPrefix}NAME`]: 'Your own metadata.',
} as const;
