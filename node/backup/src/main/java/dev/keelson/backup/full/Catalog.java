package dev.keelson.backup.full;

import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.BackupStore.StoredObject;
import dev.keelson.backup.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The full backups in a store.
 *
 * <p>Their names are {@code backups/<cluster>/<id>/manifest.json} and, beside each, the snapshot that it is about.
 *
 * @param keys by which manifests must be signed; with none, every manifest is taken
 */
public record Catalog(BackupStore store, KeyRing keys) {

    static final String MANIFEST = "manifest.json";

    private static final String ROOT = "backups/";

    /** The backups there are, and manifests that are none. */
    public record Listing(List<Manifest> backups, List<BackupRefusedException> refused) {}

    static String folder(long cluster, String id) {
        return ROOT + Long.toHexString(cluster) + "/" + id + "/";
    }

    /** The name of the object that makes a backup of the rest. */
    public String manifestOf(Manifest backup) {
        return folder(backup.cluster(), backup.id()) + MANIFEST;
    }

    /** All backups in the order of their times, of all clusters. */
    public Listing list() {
        var backups = new ArrayList<Manifest>();
        var refused = new ArrayList<BackupRefusedException>();
        for (StoredObject object : store.list(ROOT)) {
            if (object.name().endsWith("/" + MANIFEST)) {
                try {
                    backups.add(read(object.name()));
                } catch (BackupRefusedException unsound) {
                    refused.add(unsound);
                }
            }
        }
        backups.sort(Comparator.comparing(Manifest::created).thenComparing(Manifest::id));
        return new Listing(backups, refused);
    }

    /** @throws BackupRefusedException when there is no such backup, or its manifest was changed */
    public Manifest byId(String id) {
        for (StoredObject object : store.list(ROOT)) {
            if (object.name().endsWith("/" + id + "/" + MANIFEST)) {
                return read(object.name());
            }
        }
        throw new BackupRefusedException(
                "there is no backup " + id + " in " + store.describe() + "; keelson backup list shows those there are");
    }

    private Manifest read(String object) {
        byte[] bytes;
        try (InputStream in = store.get(object)) {
            bytes = in.readNBytes(ManifestJson.BYTES_MAX + 1);
        } catch (IOException cause) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, "cannot read " + object + " in " + store.describe(), cause);
        }
        if (bytes.length > ManifestJson.BYTES_MAX) {
            throw new BackupRefusedException("manifest " + object + " is refused: it is too long for one");
        }
        Manifest manifest = ManifestJson.read(object, bytes, keys);
        if (!object.equals(folder(manifest.cluster(), manifest.id()) + MANIFEST)) {
            throw new BackupRefusedException("manifest " + object + " is refused: it is the one of backup "
                    + manifest.id() + " of cluster " + manifest.clusterHex());
        }
        return manifest;
    }
}
