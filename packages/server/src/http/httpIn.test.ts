import { createRequire } from 'node:module'
import express from 'express'
import { fastify } from 'fastify'
import { describeHttpIn } from '../../fixtures/describeHttpIn.ts'
import { expressShop } from '../../fixtures/shops/expressShop.ts'
import { fastifyShop } from '../../fixtures/shops/fastifyShop.ts'
import { fetchShop } from '../../fixtures/shops/fetchShop.ts'
import { honoShop } from '../../fixtures/shops/honoShop.ts'
import { koaShop } from '../../fixtures/shops/koaShop.ts'
import { nodeShop } from '../../fixtures/shops/nodeShop.ts'

/** What these export is named and used as in the next major. */
const require = createRequire(import.meta.url)
const express4 = require('express4') as typeof express
const fastify4 = require('fastify4') as typeof fastify

describeHttpIn('Express 5', expressShop(express))
describeHttpIn('Express 4', expressShop(express4))
describeHttpIn('Fastify 5', fastifyShop(fastify))
describeHttpIn('Fastify 4', fastifyShop(fastify4))
describeHttpIn('Koa', koaShop)
describeHttpIn('node:http', nodeShop)
describeHttpIn('Hono on node', honoShop({ withNode: true }))
describeHttpIn('Hono elsewhere', honoShop({ withNode: false }))
describeHttpIn('a fetch-standard handler', fetchShop)
