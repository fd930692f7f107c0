/** express-openapi-validator, entered where it has found the operation already: loaded when the first request comes. */
import serDes from 'express-openapi-validator/dist/framework/base.serdes.js';
import ajv from 'express-openapi-validator/dist/framework/ajv/options.js';
import requests from 'express-openapi-validator/dist/middlewares/openapi.request.validator.js';
import schemas from 'express-openapi-validator/dist/middlewares/parsers/schema.preprocessor.js';
import type { Request, RequestHandler, Response } from 'express';
import type { Method } from '../contract/document.ts';

/** Throws what express-openapi-validator does; coerces what it lets pass, and fills defaults in. */
export type Check = (req: Request, res: Response) => void;

export interface Checked {
  /** A document of this operation alone; it is changed. */
  readonly document: object;
  readonly path: string;
  readonly methods: readonly Method[];
  readonly responsesToo: boolean;
}

/** What its own entrance would set. */
const options = {
  ...{ serDes: serDes.defaultSerDes, formats: {}, validateFormats: true, ajvFormats: { mode: 'fast' } },
  validateRequests: { coerceTypes: true, allowUnknownQueryParameters: true },
};

export async function makeCheck({ document, path, methods, responsesToo }: Checked): Promise<Check> {
  const validateResponses = responsesToo && { removeAdditional: false, coerceTypes: false, onError: null };
  const ajvOptions = new ajv.AjvOptions({ ...options, validateResponses } as never);
  const preprocessor = new schemas.SchemaPreprocessor(
    document as never,
    ajvOptions.preprocessor,
    validateResponses as never,
  );
  const { apiDoc, apiDocRes } = preprocessor.preProcess();
  const requestCheck = new requests.RequestValidator(apiDoc, ajvOptions.request);
  const responseCheck = responsesToo ? await makeResponseCheck(apiDocRes, ajvOptions.response) : undefined;
  const operations = new Map(
    methods.map((method) => {
      const schema = apiDoc.paths?.[path]?.[method];
      const _responseSchema = responsesToo ? apiDocRes.paths?.[path]?.[method] : undefined;
      return [method.toUpperCase(), { expressRoute: path, openApiRoute: path, schema, _responseSchema, serial: 0 }];
    }),
  );
  return (req, res) => {
    Object.assign(req, { openapi: { ...operations.get(req.method), pathParams: { ...req.params } } });
    void requestCheck.validate(req as never, res, rethrow);
    responseCheck?.(req, res, rethrow);
  };
}

async function makeResponseCheck(document: unknown, ajvOptions: object): Promise<RequestHandler> {
  const { default: responses } =
    await import('express-openapi-validator/dist/middlewares/openapi.response.validator.js');
  return new responses.ResponseValidator(document as never, ajvOptions, {}, 0).validate();
}

/** What comes next is up to the caller. */
function rethrow(error?: unknown): void {
  if (error !== undefined) throw error as Error;
}
