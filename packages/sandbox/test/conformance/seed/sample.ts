import type { Exchange, Json } from '../exchange.ts';

/** An exchange with its expected body as JSON. */
export interface Sample {
  readonly format: Exchange['format'];
  readonly request: Exchange['request'];
  readonly status: number | null;
  readonly json: Json | undefined;
}

export function toSample({ format, request, response }: Exchange): Sample {
  return { format, request, status: response?.status ?? null, json: parseObject(response?.body) };
}

export function parseObject(text: string | undefined): Json | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
