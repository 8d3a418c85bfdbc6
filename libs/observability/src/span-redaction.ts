/** The parts of a span that data of customers can get into. */
export interface RedactableSpan {
  readonly attributes: Record<string, unknown>;
  readonly events: readonly { readonly attributes?: Record<string, unknown> }[];
  readonly status: { message?: string };
}

/** Paths and queries carry keys of objects and tokens of links; what they were for is told by `http.route`. */
const WITHHELD = ['url.path', 'url.query', 'http.target'];
const CUT_TO_ORIGIN = ['url.full', 'http.url'];
/** Messages of errors quote values; the type says enough, and the log has the rest. */
const WITHHELD_OF_EVENTS = ['exception.message', 'exception.stacktrace'];

/** Takes out of an ended span what may be secret, in place, before it is handed to an exporter. */
export function withholdSpanData(span: RedactableSpan): void {
  for (const name of WITHHELD) Reflect.deleteProperty(span.attributes, name);
  for (const name of CUT_TO_ORIGIN) {
    const url = span.attributes[name];
    if (typeof url === 'string') span.attributes[name] = URL.canParse(url) ? new URL(url).origin : '';
  }
  for (const { attributes } of span.events) {
    if (attributes) for (const name of WITHHELD_OF_EVENTS) Reflect.deleteProperty(attributes, name);
  }
  if (span.status.message !== undefined) delete span.status.message;
}
