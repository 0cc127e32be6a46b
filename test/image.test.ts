import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imagePlatform } from '../src/image.ts'

describe('images of Windows', () => {
  it.each([
    ['mcr.microsoft.com/windows/nanoserver:ltsc2022', 20348],
    ['mcr.microsoft.com/windows/nanoserver:1809', 17763],
    ['mcr.microsoft.com/windows/servercore:ltsc2019', 17763],
    ['mcr.microsoft.com/windows/servercore:ltsc2025-amd64', 26100],
    ['mcr.microsoft.com/windows/servercore:20H2', 19042],
    ['mcr.microsoft.com/windows/servercore:10.0.14393.5582', 14393],
    ['mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2016', 14393],
    ['mcr.microsoft.com/windows/server:ltsc2022', 20348],
    ['mcr.microsoft.com/windows/iotcore:1809', 17763],
    ['mcr.microsoft.com/windows:2004', 19041],
    ['mcr.microsoft.com/windows:$(WINDOWS_VERSION)', undefined],
    ['mcr.microsoft.com/windows/nanoserver:${VERSION}', undefined],
    ['mcr.microsoft.com/windows/servercore@sha256:3a2a2fdfbae2', undefined],
    ['mcr.microsoft.com/windows/servercore', undefined],
    ['registry.local:5000/windows/servercore:1903', 18362],
    ['mcr.microsoft.com/dotnet/framework/sdk:4.8', undefined],
    ['mcr.microsoft.com/dotnet/framework/aspnet:4.8-windowsservercore-ltsc2019', 17763],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-1809', 17763],
    ['mcr.microsoft.com/dotnet/sdk:8.0-windowsservercore-ltsc2022', 20348],
    ['mcr.microsoft.com/powershell:lts-nanoserver-20h2', 19042],
    ['mcr.microsoft.com/oss/kubernetes/windows-host-process-containers-base-image:v1.0.0', undefined],
    ['microsoft/windowsservercore:1709', 16299],
    ['microsoft/nanoserver:sac2016', 14393],
    ['microsoft/iis', undefined],
    ['microsoft/mssql-server-windows-developer:2017-latest', undefined],
    ['microsoft/mssql-server-windows-developer:2019-latest', undefined],
    ['golang:1.22-windowsservercore-ltsc2022', 20348],
    ['golang:1.22-nanoserver', undefined],
    ['docker.io/library/python:3.12-windowsservercore-ltsc2025', 26100],
    ['node:10.19.0-windowsservercore', undefined],
    ['prom/exporter:v1-windows1809-amd64', 17763],
    ['example/agent:windows-2019', 17763],
    ['example/app:win10', undefined],
    ['example/app:1.0-windows-${ARCH}', undefined]
  ])('%s', (reference, build) => {
    expect(imagePlatform(reference)).toMatchObject({ os: 'windows' })
    expect(imagePlatform(reference)?.build).toBe(build)
  })
})

describe('images of Linux', () => {
  it.each([
    'alpine', 'alpine:3.20', 'ubuntu:22.04', 'debian:bookworm-slim', 'busybox', 'docker.io/library/busybox:latest', 'arm64v8/alpine', 'centos:7',
    'gcr.io/distroless/static', 'quay.io/centos/centos:stream9', 'registry.access.redhat.com/ubi9/ubi-minimal', 'redhat/ubi9-minimal:9.4', 'cbl-mariner/base/core',
    'node:20', 'node:20-bookworm', 'nginx', 'postgres:16', 'golang:1.22-alpine', 'golang:1.22-alpine3.20', 'python:3.12-slim',
    'mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled', 'mcr.microsoft.com/dotnet/sdk:8.0-alpine', 'mcr.microsoft.com/powershell:ubuntu-22.04',
    'mcr.microsoft.com/mssql/server:2022-latest', 'microsoft/mssql-server-linux', 'example/app:1.0-linux-amd64',
    'dockurr/windows', 'dockurr/windows:latest', 'ghcr.io/dockur/windows:latest'
  ])('%s', reference => {
    expect(imagePlatform(reference)).toMatchObject({ os: 'linux' })
  })
})

it.each(['golang:1.22', 'mcr.microsoft.com/dotnet/aspnet:8.0', 'mcr.microsoft.com/powershell', 'openjdk', 'docker.io/library/mongo:7.0'])('%s exists for both systems', reference => {
  expect(imagePlatform(reference)).toMatchObject({ os: 'unknown' })
})

describe('nothing is known', () => {
  it.each([
    'scratch', '', 'example/app', 'example/windows-exporter', 'example/app:darwin', 'example/app:mywindows', 'example/app:windowsills', 'example/app:alpines',
    'example/nanoserverless', 'example/app:1809', 'example/app:2019', 'example/cross:x86_64-pc-windows-gnu', '${IMAGE}', '$IMAGE:$TAG', '{{ .Image }}', '$(IMAGE)',
    'example/app:windowsservercore${VERSION}', 'two words', 'x'.repeat(5000)
  ])('%s', reference => {
    expect(imagePlatform(reference)).toBeUndefined()
  })
})

it.each([
  ['mcr.microsoft.com/windows/servercore:ltsc2022', 'cmd'],
  ['mcr.microsoft.com/dotnet/framework/sdk:4.8', 'powershell'],
  ['golang:1.22-windowsservercore-ltsc2022', 'powershell'],
  ['golang:1.22-nanoserver-ltsc2022', 'cmd'],
  ['example/base:ltsc2022', undefined]
])('the shell of %s', (reference, shell) => {
  expect(imagePlatform(reference)?.shell).toBe(shell)
})

it('says why', () => {
  expect(imagePlatform('golang:1.22-nanoserver-1809')?.because).toBe('the tag 1.22-nanoserver-1809 says nanoserver')
})

it('takes any string, quickly', () => {
  const part = fc.constantFrom('windows', 'alpine', ':', '/', '-', '@', '${', '}', '{{', '}}', '$', '(', ')', 'ltsc2022', ' ', '.', 'mcr.microsoft.com')
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(part).map(p => p.join(''))), reference => {
    expect(['windows', 'linux', 'unknown', undefined]).toContain(imagePlatform(reference)?.os)
  }))
})
