#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Make the certificates of tests/vectors/x509 with the openssl command line.
# The keys live in a folder that is gone afterwards, so every run makes other
# certificates; the tests need only their shape and dates.
set -eu
out=$(cd "$(dirname "$0")/../.." && pwd)/tests/vectors/x509
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
cd "$work"

mkdir new
: > index
cat > ca.cnf <<'END'
[ca]
default_ca = any
[any]
new_certs_dir = new
database = index
rand_serial = yes
unique_subject = no
policy = all
email_in_dn = no
preserve = yes
string_mask = utf8only
[all]
countryName = optional
stateOrProvinceName = optional
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
END
cat > ext.cnf <<'END'
[root]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
issuerAltName = URI:https://authority.example
crlDistributionPoints = URI:https://authority.example/crl
[long]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
issuerAltName = URI:https://authority.example
crlDistributionPoints = URI:https://authority.example/crl
[middle]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
issuerAltName = URI:https://authority.example
crlDistributionPoints = URI:https://authority.example/crl
[signer]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.0.18013.5.1.2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
issuerAltName = URI:https://authority.example
crlDistributionPoints = URI:https://authority.example/crl
[reader]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.0.18013.5.1.6
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:https://authority.example/crl
subjectAltName = DNS:desk.example,URI:urn:yaopai:profiles:hotel
[server]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,keyAgreement
extendedKeyUsage = serverAuth,clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid,issuer
subjectAltName = DNS:desk.example
[plain]
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
keyUsage = digitalSignature
[serialled]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.0.18013.5.1.2
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always,issuer:always
[constrained]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.0.18013.5.1.2
nameConstraints = critical,permitted;DNS:example
[policies]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.0.18013.5.1.2
policyConstraints = requireExplicitPolicy:0
[unknown]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,1.0.18013.5.1.2
1.2.3.4 = critical,ASN1:UTF8String:SPECIMEN
END

ec() { openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:$1" -out "$2.key"; }

# issue NAME SECTION SUBJECT ISSUER|self [further options of openssl ca]
issue() {
    name=$1 section=$2 subject=$3 issuer=$4
    shift 4
    openssl req -new -config ca.cnf -key "$name.key" -subj "$subject" -out "$name.csr" -utf8
    if [ "$issuer" = self ]; then
        set -- -selfsign -keyfile "$name.key" -startdate 20260101000000Z -enddate 20350101000000Z "$@"
    else
        set -- -cert "$issuer.pem" -keyfile "$issuer.key" -startdate 20260601000000Z -enddate 20270601000000Z "$@"
    fi
    openssl ca -batch -config ca.cnf -utf8 -notext -md sha256 -in "$name.csr" -out "$name.pem" \
        -extfile ext.cnf -extensions "$section" "$@" 2> log || { cat log; exit 1; }
    openssl x509 -in "$name.pem" -outform der -out "$out/$name.der"
}

for name in root signer reader-root reader long middle signer-middle server plain serialled \
    constrained policies unknown sha1 compressed v1; do
    ec P-256 $name
done
for name in root-384 signer-384; do ec P-384 $name; done
ec P-521 p521
ec prime192v1 p192
ec brainpoolP256r1 brainpool
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit -out explicit.key
openssl ec -in compressed.key -conv_form compressed -out compressed.key 2> log
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key
openssl genpkey -quiet -algorithm ED25519 -out ed25519.key

issue root root "/C=UT/O=SPECIMEN/CN=SPECIMEN root" self
issue root-384 root "/C=UT/O=SPECIMEN/CN=SPECIMEN root 384" self -md sha384
issue reader-root root "/C=UT/O=SPECIMEN/CN=SPECIMEN reader root" self
issue long long "/C=UT/O=SPECIMEN/CN=SPECIMEN long root" self
issue signer signer "/C=UT/O=SPECIMEN/CN=样本签发者" root
issue signer-384 signer "/C=UT/O=SPECIMEN/CN=SPECIMEN signer 384" root-384 -md sha384
issue reader reader "/O=SPECIMEN/CN=SPECIMEN reader" reader-root
issue middle middle "/C=UT/O=SPECIMEN/CN=SPECIMEN middle" long
issue signer-middle signer "/C=UT/O=SPECIMEN/CN=SPECIMEN signer below" middle
for name in server plain serialled constrained policies unknown; do
    issue $name $name "/C=UT/O=SPECIMEN/CN=SPECIMEN $name" root
done
issue sha1 signer "/C=UT/O=SPECIMEN/CN=SPECIMEN sha1" root -md sha1
for name in compressed explicit p521 p192 brainpool rsa ed25519; do
    issue $name signer "/C=UT/O=SPECIMEN/CN=SPECIMEN $name" root
done
openssl req -new -config ca.cnf -key v1.key -subj "/C=UT/CN=SPECIMEN v1" -out v1.csr
openssl x509 -req -in v1.csr -CA root.pem -CAkey root.key -days 300 -outform der -out "$out/v1.der" 2> log
ls -l "$out"
