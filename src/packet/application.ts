/** What the packet carries for the application: the part that layer 7 devices and DNS read. */

export interface HttpRequest {
  readonly kind: 'http';
  readonly scheme: 'http' | 'https';
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export type Application = HttpRequest;
