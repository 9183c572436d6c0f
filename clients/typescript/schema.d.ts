// Made by `npm run client` from the OpenAPI document of `thumbrank serve`; do not edit.
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            status: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether rankings are answered: embeds and scores a picture */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            status: string;
                        };
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The channels that the model knows */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            channels: {
                                channelId: string;
                                title: string | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/competitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Videos of the home's store, to see a thumbnail among others */
        get: {
            parameters: {
                query?: {
                    count?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            videos: {
                                videoId: string;
                                title: string;
                                channelTitle: string;
                                durationSeconds: number | null;
                                /** @description Path of the thumbnail on this service. */
                                image: string;
                            }[];
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/thumbnails/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A stored thumbnail */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sha256: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions of all models, those in use first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Models"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rank": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rank thumbnails of one channel, best first */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        images: Blob[];
                        /** @default [] */
                        title?: string[];
                        /** @description Id of the channel, for percentiles within it where the model knows it. */
                        channel?: string;
                    };
                    "application/json": {
                        images: (string | {
                            /** @default  */
                            name?: string;
                            /**
                             * Format: byte
                             * @description A JPEG, PNG or WebP picture.
                             */
                            data: string;
                        })[];
                        /** @default [] */
                        titles?: string[];
                        /** @description Id of the channel, for percentiles within it where the model knows it. */
                        channel?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Ranking"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The embeddings that the model takes, one row for each picture with each title */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        images: Blob[];
                        /** @default [] */
                        title?: string[];
                        /** @description Id of the channel, for percentiles within it where the model knows it. */
                        channel?: string;
                    };
                    "application/json": {
                        images: (string | {
                            /** @default  */
                            name?: string;
                            /**
                             * Format: byte
                             * @description A JPEG, PNG or WebP picture.
                             */
                            data: string;
                        })[];
                        /** @default [] */
                        titles?: string[];
                        /** @description Id of the channel, for percentiles within it where the model knows it. */
                        channel?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Embeddings"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which regions of a thumbnail move its score */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        images: Blob[];
                        /** @default [] */
                        title?: string[];
                        /** @description Id of the channel, for percentiles within it where the model knows it. */
                        channel?: string;
                    };
                    "application/json": {
                        images: (string | {
                            /** @default  */
                            name?: string;
                            /**
                             * Format: byte
                             * @description A JPEG, PNG or WebP picture.
                             */
                            data: string;
                        })[];
                        /** @default [] */
                        titles?: string[];
                        /** @description Id of the channel, for percentiles within it where the model knows it. */
                        channel?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Explanation"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                504: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The server */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the model answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model's tensors */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model is in use */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Score embeddings */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["InferRequestInput"];
                    "application/octet-stream": components["schemas"]["InferRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model's tensors */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether a model is in use */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/models/{model}/versions/{version}/infer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Score embeddings */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                    version: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["InferRequestInput"];
                    "application/octet-stream": components["schemas"]["InferRequestInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The versions of all models, those in use first */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{model}/load": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a model's current version into use */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/repository/models/{model}/unload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop using a model */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    model: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        RankingInput: {
            model: string;
            /** @description 0 for a model that was exported without versions. */
            version: number;
            /** @description Best first; one row for each picture with each title. */
            ranking: {
                /** @description The picture's place in the request, from 0. */
                index: number;
                image: string;
                title: string | null;
                /** @description The title's place in the request, from 0. */
                titleIndex: number | null;
                /** @description Orders thumbnails of one channel; it has no unit. */
                score: number;
                percentile: number;
                subScores: {
                    clarity: number;
                    prominence: number;
                    contrast: number;
                    emotion: number;
                    hierarchy: number;
                    title_match: number;
                };
            }[];
            /** @description With several titles: every picture (rows) with every title (columns). */
            grid?: {
                titles: string[];
                images: string[];
                scores: number[][];
                percentiles: number[][];
            };
            /** @description Probability that the row beats the column, in the ranking's order. */
            winProbability: number[][];
            /** @enum {string} */
            decision: "take the first" | "cannot tell" | "nothing to compare";
            /** @description If the first beats the second with a lower probability, nobody can tell. */
            threshold: number;
            note: string;
        };
        EmbeddingsInput: {
            model: string;
            version: number;
            encoders: {
                image: {
                    kind: string;
                    model: string;
                    revision: string;
                    preprocessing: string;
                    normalisation: string;
                    dimensions: number;
                };
                text: {
                    kind: string;
                    model: string;
                    revision: string;
                    preprocessing: string;
                    normalisation: string;
                    dimensions: number;
                };
            };
            /** @description Image and title embedding side by side: by picture, then by title. */
            embeddings: number[][];
        };
        ExplanationInput: {
            rows: number;
            columns: number;
            /** @description Score without the region minus score, by row and column; below 0 where the region helps. */
            moved: number[][];
        };
        ModelsInput: {
            models: {
                name: string;
                version: number;
                /** @description Whether the model's plain name stands for this version. */
                current: boolean;
                /** @description Whether the service uses it now. */
                loaded: boolean;
                /** @description Whether its files cannot be used; `thumbrank models list` says why. */
                damaged: boolean;
                /** @description Null for a damaged version. */
                encoders: {
                    image: {
                        kind: string;
                        model: string;
                        revision: string;
                        preprocessing: string;
                        normalisation: string;
                        dimensions: number;
                    };
                    text: {
                        kind: string;
                        model: string;
                        revision: string;
                        preprocessing: string;
                        normalisation: string;
                        dimensions: number;
                    };
                } | null;
                metrics: {
                    [key: string]: unknown;
                };
            }[];
        };
        ProblemInput: {
            type: string;
            title: string;
            status: number;
            /** @description What failed. */
            detail: string;
            /** @description A code of docs/ERRORS.md. */
            code: string;
            /** @description What to do. */
            next: string;
            /** @description Pictures that cannot be used. */
            refusals?: {
                index: number;
                image: string;
                code: string;
                reason: string;
            }[];
        };
        InferRequestInput: {
            id?: string;
            parameters?: {
                binary_data_output?: boolean;
            } & {
                [key: string]: unknown;
            };
            inputs: {
                /** @constant */
                name: "embedding";
                shape: [
                    number,
                    number
                ];
                /** @constant */
                datatype: "FP32";
                parameters?: {
                    binary_data_size?: number;
                    binary_data?: boolean;
                } & {
                    [key: string]: unknown;
                };
                /** @description Row by row, flat or nested. */
                data?: unknown[];
            }[];
            outputs?: {
                /** @enum {string} */
                name: "score" | "ctr" | "auxiliary";
                parameters?: {
                    binary_data_size?: number;
                    binary_data?: boolean;
                } & {
                    [key: string]: unknown;
                };
            }[];
        };
        Ranking: {
            model: string;
            /** @description 0 for a model that was exported without versions. */
            version: number;
            /** @description Best first; one row for each picture with each title. */
            ranking: {
                /** @description The picture's place in the request, from 0. */
                index: number;
                image: string;
                title: string | null;
                /** @description The title's place in the request, from 0. */
                titleIndex: number | null;
                /** @description Orders thumbnails of one channel; it has no unit. */
                score: number;
                percentile: number;
                subScores: {
                    clarity: number;
                    prominence: number;
                    contrast: number;
                    emotion: number;
                    hierarchy: number;
                    title_match: number;
                };
            }[];
            /** @description With several titles: every picture (rows) with every title (columns). */
            grid?: {
                titles: string[];
                images: string[];
                scores: number[][];
                percentiles: number[][];
            };
            /** @description Probability that the row beats the column, in the ranking's order. */
            winProbability: number[][];
            /** @enum {string} */
            decision: "take the first" | "cannot tell" | "nothing to compare";
            /** @description If the first beats the second with a lower probability, nobody can tell. */
            threshold: number;
            note: string;
        };
        Embeddings: {
            model: string;
            version: number;
            encoders: {
                image: {
                    kind: string;
                    model: string;
                    revision: string;
                    preprocessing: string;
                    normalisation: string;
                    dimensions: number;
                };
                text: {
                    kind: string;
                    model: string;
                    revision: string;
                    preprocessing: string;
                    normalisation: string;
                    dimensions: number;
                };
            };
            /** @description Image and title embedding side by side: by picture, then by title. */
            embeddings: number[][];
        };
        Explanation: {
            rows: number;
            columns: number;
            /** @description Score without the region minus score, by row and column; below 0 where the region helps. */
            moved: number[][];
        };
        Models: {
            models: {
                name: string;
                version: number;
                /** @description Whether the model's plain name stands for this version. */
                current: boolean;
                /** @description Whether the service uses it now. */
                loaded: boolean;
                /** @description Whether its files cannot be used; `thumbrank models list` says why. */
                damaged: boolean;
                /** @description Null for a damaged version. */
                encoders: {
                    image: {
                        kind: string;
                        model: string;
                        revision: string;
                        preprocessing: string;
                        normalisation: string;
                        dimensions: number;
                    };
                    text: {
                        kind: string;
                        model: string;
                        revision: string;
                        preprocessing: string;
                        normalisation: string;
                        dimensions: number;
                    };
                } | null;
                metrics: {
                    [key: string]: unknown;
                };
            }[];
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @description What failed. */
            detail: string;
            /** @description A code of docs/ERRORS.md. */
            code: string;
            /** @description What to do. */
            next: string;
            /** @description Pictures that cannot be used. */
            refusals?: {
                index: number;
                image: string;
                code: string;
                reason: string;
            }[];
        };
        InferRequest: {
            id?: string;
            parameters?: {
                binary_data_output?: boolean;
            } & {
                [key: string]: unknown;
            };
            inputs: {
                /** @constant */
                name: "embedding";
                shape: [
                    number,
                    number
                ];
                /** @constant */
                datatype: "FP32";
                parameters?: {
                    binary_data_size?: number;
                    binary_data?: boolean;
                } & {
                    [key: string]: unknown;
                };
                /** @description Row by row, flat or nested. */
                data?: unknown[];
            }[];
            outputs?: {
                /** @enum {string} */
                name: "score" | "ctr" | "auxiliary";
                parameters?: {
                    binary_data_size?: number;
                    binary_data?: boolean;
                } & {
                    [key: string]: unknown;
                };
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
