/** What a collector does with the requests that reach it. */
export type Behaviour =
  | { kind: 'ok' }
  /** Nobody listens on its port. */
  | { kind: 'closed' }
  /** Its connections are never accepted, nor refused. Linux only. */
  | { kind: 'hang_connect' }
  /** It takes the request and says nothing, stops in the headers of its answer, or in the body. */
  | { kind: 'hang' | 'hang_headers' | 'hang_body' }
  | { kind: 'slow'; ms: number }
  /** @param retryAfter seconds or an HTTP date */
  | { kind: 'status'; status: number; retryAfter?: string; location?: string }
  /** The connection is reset in the body of the answer. */
  | { kind: 'reset' }
  /** 400 for each request with a record that has an attribute of this key. */
  | { kind: 'bad_record'; key: string }
  /** 200 with an HTML page, as proxies do. */
  | { kind: 'wrong_type' }
  /** 200 with the right type and bytes that are no answer. */
  | { kind: 'garbage' }
  /** 200, but so many records were not taken. */
  | { kind: 'partial'; rejected: number };
