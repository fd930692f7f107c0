/** What API Gateway's own data plane did with a request: what it is called with, and what it tells of each call. */
import type { Readable } from 'node:stream';

/** A request that is for an API of a gateway. Header values hold a byte in each character. */
export interface GatewayRequest {
  /** 32 lower-case hex digits. */
  readonly requestId: string;
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  /** The header Host; empty where there is none. */
  readonly host: string;
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
  readonly protocol: 'http' | 'https';
  /** Of the sender, and of the listener that took it. */
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly body: Readable;
  /** Aborted when the client does not wait any more. */
  readonly signal: AbortSignal;
  /** Told how many more bytes of the body are kept. @throws ServiceError where that is too much */
  readonly onKept?: (bytes: number) => void;
  /** Told, once it has been routed, what became of it before it is answered; and its body, where that was read as a whole. */
  readonly onForwarded?: (record: ForwardedRequest, body: Uint8Array | undefined) => void;
}

export interface GatewayReply {
  readonly status: number;
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
  readonly body: Readable | Uint8Array;
}

/** The data plane, as the HTTP server sees it. */
export interface GatewayPlane {
  /** Whether a request to this host, for this target, is for it at all. */
  readonly takes: (host: string, target: string) => boolean;
  /** @throws ServiceError with one of the gateway's own refusals */
  readonly handle: (request: GatewayRequest) => Promise<GatewayReply>;
}

/** One request as the gateway sent it to a backend, or as far as it came; secrets are in it as they are. */
export interface ForwardedRequest {
  readonly requestId: string;
  /** Milliseconds since 1970, by Signet's clock. */
  readonly at: number;
  readonly projectId: string;
  readonly gatewayId: string;
  readonly api: { readonly id: string; readonly name: string };
  readonly groupId: string;
  readonly environment: { readonly id: string; readonly name: string };
  readonly publishId: string;
  /** As it came. */
  readonly received: { readonly method: string; readonly target: string };
  /** As it was sent; undefined where there was nothing to send or it did not come to that. */
  readonly sent?: {
    readonly url: string;
    readonly method: string;
    readonly target: string;
    /** Names and values by turns. */
    readonly rawHeaders: readonly string[];
    /** Bytes; undefined where the body was streamed. */
    readonly bodyLength?: number;
  };
  /** The key that is bound; undefined where there is none. */
  readonly key?: { readonly id: string; readonly name: string; readonly type: string; readonly access: string };
  readonly signature?: {
    readonly signedHeaders: string;
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly signature: string;
  };
  /** What was made wrong on purpose. */
  readonly defect?: string;
  /** A sentence: why it was signed so, or was not signed. */
  readonly explanation: string;
  /** What the backend answered; undefined where it gave no answer. */
  readonly status?: number;
  /** The gateway's own refusal. */
  readonly refusal?: { readonly code: string; readonly text: string };
}
