import type { Request } from 'express';
import { propertiesOf, resolve } from '../contract/document.ts';
import type { ContractDocument, Operation, Schema } from '../contract/document.ts';
import { RequestFault } from '../errors.ts';
import { parseJsonObject } from './body.ts';
import { exchangeOf } from './exchange.ts';

/**
 * Reads the JSON body. Real clients send null and "" for a field that they leave out, so null counts as absent everywhere and "" where
 * the field is optional and says nothing else. A body that is no object is remembered and refused once the credential has been checked.
 */
export function bodyReader(document: ContractDocument, operation: Operation): (req: Request) => void {
  if (operation.requestBody === undefined)
    // The validator would parse what the client calls a body that nobody reads.
    return ({ headers }) => delete headers['content-type'];
  const schema = resolve(document, operation.requestBody.content['application/json'].schema);
  const isOptional = operation.requestBody.required !== true;
  return (req) => {
    const exchange = exchangeOf(req);
    const body =
      isOptional && exchange.body.length === 0 ? {} : parseJsonObject(exchange.body, operation['x-body-limit']);
    if (body instanceof RequestFault) exchange.bodyFault = body;
    else if (Object.values(body).some(mayBeAbsent)) dropAbsent(document, body, schema, true);
    req.body = body instanceof RequestFault ? {} : body;
    req.headers['content-type'] = 'application/json';
  };
}

/** Whether anything in it can count as absent; of hardly any request it can. */
const mayBeAbsent = (value: unknown): boolean => value === '' || typeof value === 'object';

/**
 * Within the objects that the contract describes null alone counts as absent, since "" may be meant there. What it leaves open, such as a
 * context, is the client's own.
 */
function dropAbsent(
  document: ContractDocument,
  object: Record<string, unknown>,
  schema: Schema,
  emptyToo = false,
): void {
  const properties = propertiesOf(document, schema);
  for (const [name, value] of Object.entries(object)) {
    const named = properties?.[name];
    const property = named && resolve(document, named);
    const emptyCounts = schema.required?.includes(name) === true || property?.['x-empty-counts'] === true;
    if (value === null || (value === '' && emptyToo && !emptyCounts)) Reflect.deleteProperty(object, name);
    else if (property && propertiesOf(document, property) && typeof value === 'object' && !Array.isArray(value))
      dropAbsent(document, value as Record<string, unknown>, property);
  }
}
