/** The display name of an organization: `contoso` becomes `Contoso`. */
export function toFriendlyName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
