import type { OtherPrivilegeName } from '../model/privileges.ts';
import type { OrganizationSchema } from '../store/organization-schema.ts';
import type { CallerAccess } from './caller-access.ts';

/** The privilege that each change of the schema needs. */
const privileges: Readonly<Record<keyof OrganizationSchema, OtherPrivilegeName>> = {
  addTable: 'prvCreateEntity',
  updateTable: 'prvWriteEntity',
  removeTable: 'prvDeleteEntity',
  addColumn: 'prvCreateAttribute',
  updateColumn: 'prvWriteAttribute',
  removeColumn: 'prvDeleteAttribute',
  addKey: 'prvWriteEntity',
  reactivateKey: 'prvWriteEntity',
  removeKey: 'prvWriteEntity',
  addOneToMany: 'prvCreateRelationship',
  addLookup: 'prvCreateRelationship',
  addManyToMany: 'prvCreateRelationship',
  removeRelationship: 'prvDeleteRelationship',
  putGlobalChoice: 'prvWriteOptionSet',
  removeGlobalChoice: 'prvDeleteOptionSet',
};

/** The schema as a user changes it who is not an administrator: without the privilege, a change throws 403. */
export function secureSchema(schema: OrganizationSchema, access: CallerAccess): OrganizationSchema {
  return new Proxy(schema, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const privilege = Object.hasOwn(privileges, name)
          ? privileges[name as keyof OrganizationSchema]
          : undefined;
        if (privilege) access.require(privilege);
        return member.apply(target, args);
      };
    },
  });
}
