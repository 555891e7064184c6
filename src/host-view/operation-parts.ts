import type { JsonSchema } from '../model/json.ts';

/** `case.create` -> `case`: the table or the group of an operation. */
export function resourceOf({ id }: { readonly id: string }): string {
  const [resource = id] = id.split('.');
  return resource;
}

/** The properties of an operation's input and the names of the required ones. */
export function inputOf(input: JsonSchema): {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const { properties, required = [] } = input as unknown as Partial<ReturnType<typeof inputOf>>;
  return { properties: properties ?? {}, required };
}
