/** A documented request with its response, as in the corpus. */
export interface Sample {
  readonly id: string;
  readonly doc: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | null;
  };
  readonly response: {
    readonly status: number | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | null;
    readonly json?: Json | null;
  } | null;
}

export type Json = Readonly<Record<string, unknown>>;

/** Origin of the organization in the replay. */
export const origin = 'http://org.test';

/** Replaces the organization URLs of the documentation with the origin of the replay. */
export function useLocalOrigin(text: string): string {
  return text
    .replace(/(?:https?:\/\/)?\[(?:Organization|Token-CRM-Org)[^\]]*\](?:\/[\w-]+(?=\/api\/))?/gi, origin)
    .replace(/https?:\/\/[\w.-]+\.dynamics\.com/gi, origin)
    .replace(/http:\/\/org\.test\/data\/v/g, `${origin}/api/data/v`);
}

/** Replaces placeholders such as `<accountid>` with an id; the same name always gives the same id. */
export function fillPlaceholders(text: string): string {
  return text.replace(/<(accountid|file id|guid)>/g, (_, name: string) =>
    name === 'accountid' ? '0000000a-0000-4000-8000-000000000001' : '0000000a-0000-4000-8000-000000000002',
  );
}
