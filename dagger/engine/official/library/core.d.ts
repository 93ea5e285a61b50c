// What types are found with: no more of the library than its names.
type Decorate = (...of: unknown[]) => void

export type ConnectOpts = { Workdir?: string; LogOutput?: unknown }
export type CallbackFct = (client: unknown) => Promise<void>
export declare class Context {}
export declare const connect: (run: CallbackFct, options?: ConnectOpts) => Promise<void>
export declare const connection: (run: () => Promise<void>, options?: ConnectOpts) => Promise<void>
export declare const entrypoint: (files: string[]) => Promise<void>
export declare const getTracer: (name?: string) => unknown
export declare const argument: (options?: { defaultPath?: string; ignore?: string[] }) => Decorate
export declare const check: () => Decorate
export declare const enumType: () => Decorate
export declare const field: (alias?: string) => Decorate
export declare const func: (alias?: string) => Decorate
export declare const object: () => Decorate
