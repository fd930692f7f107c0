import { readCurlCommand } from './curl-command.ts';
import type { GivenRequest } from './given-request.ts';
import { readHttpText } from './http-text.ts';

/**
 * The request that a text is or describes: what goes over the wire, or the curl command that sends it. Reads no file and no network.
 * @param ownHost the Host where the text has none
 * @throws ServiceError Signet.UnreadableRequest
 */
export const readRequest = (text: string, ownHost: string): GivenRequest =>
  /^\s*(?:[$#>%] *)?curl(?:\.exe)?\s/.test(text) ? readCurlCommand(text, ownHost) : readHttpText(text, ownHost);
